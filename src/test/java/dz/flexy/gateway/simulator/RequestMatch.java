package dz.flexy.gateway.simulator;

import java.util.function.Predicate;

/**
 * Which requests are meant. Combine with {@code and}, {@code or} and {@code negate}.
 */
@FunctionalInterface
public interface RequestMatch extends Predicate<ReceivedRequest> {

	static RequestMatch onAny() {
		return (request) -> true;
	}

	/** Sends of every family. */
	static RequestMatch onSend() {
		return ReceivedRequest::isSend;
	}

	static RequestMatch onLookup() {
		return ReceivedRequest::isLookup;
	}

	/** One route, by its template: {@code /v3/internet/check-id/{id}}. */
	static RequestMatch onRoute(String template) {
		return (request) -> request.template().equals(template);
	}

	/** Any family's route of that last word: {@code check-number}, {@code list}. */
	static RequestMatch onWord(String word) {
		return (request) -> (request.template() + "/").contains("/" + word + "/");
	}

	static RequestMatch onMethod(String method) {
		return (request) -> request.method().equals(method);
	}

	static RequestMatch onNumber(String number) {
		return (request) -> request.number().equals(number);
	}

	static RequestMatch onRef(String ref) {
		return (request) -> request.ref().equals(ref);
	}

	static RequestMatch onKey(String key) {
		return (request) -> request.key().equals(key);
	}

	@Override
	default RequestMatch and(Predicate<? super ReceivedRequest> other) {
		return (request) -> test(request) && other.test(request);
	}

}
