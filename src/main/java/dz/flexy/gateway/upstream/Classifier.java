package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dz.flexy.gateway.problem.ErrorCode;
import tools.jackson.databind.JsonNode;

import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Tells what an answer means: the table of contract section 10.2, by code first and
 * status second. Whatever it does not know may have acted.
 */
@Component
class Classifier {

	private static final Duration AUTH_RETRY = Duration.ofSeconds(5);

	/**
	 * Request time-out, conflict, too early: said of a request that may still be worked
	 * on.
	 */
	private static final Set<Integer> AT_WORK = Set.of(408, 409, 425);

	/**
	 * Codes that settle what became of a request whatever its status is (contract section
	 * 10.2); the others do so only with a 4xx.
	 */
	private static final Set<ErrorCode> DECIDES = Set.of(ErrorCode.ERR_VALIDATION, ErrorCode.ERR_PHONE,
			ErrorCode.ERR_STOCK, ErrorCode.INSUFFICIENT_BALANCE, ErrorCode.DUPLICATED_REF);

	private final RefusalReader refusals;

	private final Drift drift;

	Classifier(RefusalReader refusals, Drift drift) {
		this.refusals = refusals;
		this.drift = drift;
	}

	/**
	 * @param decode reads {@code data}; empty if it has no known shape
	 */
	<T> Outcome<T> classify(String endpoint, Answer answer, Function<JsonNode, Optional<T>> decode) {
		if (answer.success()) {
			return decode.apply(answer.data())
				.<Outcome<T>>map((value) -> new Outcome.Success<>(value, answer.requestId()))
				.orElseGet(() -> unreadable(endpoint));
		}
		if (answer.status() == 429) {
			return limited(answer);
		}
		if (answer.status() == 401) {
			return keyRefused(this.refusals.read(answer).code());
		}
		if (answer.unrouted()) {
			return new Outcome.Refused<>(
					new Refusal(Optional.of(ErrorCode.UPSTREAM_UNAVAILABLE), ErrorCode.UPSTREAM_UNAVAILABLE.name(), 503,
							"the upstream has no such path", Map.of(), answer.requestId()));
		}
		return answer.enveloped() ? refused(answer)
				: new Outcome.MayHaveActed<>("answer " + answer.status() + " without envelope", retryAfter(answer));
	}

	private <T> Outcome<T> unreadable(String endpoint) {
		this.drift.shape(endpoint);
		return new Outcome.MayHaveActed<>("unreadable answer 200");
	}

	private <T> Outcome<T> refused(Answer answer) {
		Refusal refusal = this.refusals.read(answer);
		if (KeyErrors.isOne(refusal.code())) {
			return keyRefused(refusal.code());
		}
		if (refusal.code().equals("AUTH_UNAVAILABLE")) {
			return new Outcome.NotSent<>(Fault.UPSTREAM, refusal.code(), retryAfter(answer).orElse(AUTH_RETRY), true);
		}
		if (refusal.is(ErrorCode.RATE_LIMIT_EXCEEDED) && isClientError(answer.status())) {
			return limited(answer);
		}
		boolean clear = refusal.known().filter(DECIDES::contains).isPresent()
				|| (isClientError(answer.status()) && !AT_WORK.contains(answer.status()));
		return clear ? new Outcome.Refused<>(refusal)
				: new Outcome.MayHaveActed<>("answer " + answer.status() + " " + refusal.code(), retryAfter(answer));
	}

	private static <T> Outcome<T> limited(Answer answer) {
		return new Outcome.NotSent<>(Fault.GATEWAY, Outcome.NotSent.LIMITED, retryAfter(answer).orElse(AUTH_RETRY),
				true);
	}

	private static boolean isClientError(int status) {
		return status >= 400 && status < 500;
	}

	/** A 401 is about the key whatever its words are (contract section 10.2). */
	private static <T> Outcome<T> keyRefused(String code) {
		return new Outcome.NotSent<>(Fault.GATEWAY, KeyErrors.isOne(code) ? code : KeyErrors.UNNAMED,
				Duration.ofMinutes(15), true);
	}

	private static Optional<Duration> retryAfter(Answer answer) {
		return answer.header(HttpHeaders.RETRY_AFTER)
			.filter((text) -> text.matches("\\d{1,5}"))
			.map((text) -> Duration.ofSeconds(Long.parseLong(text)));
	}

}
