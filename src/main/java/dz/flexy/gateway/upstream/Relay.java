package dz.flexy.gateway.upstream;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.breaker.Breakers.Side;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Passes requests on that buy nothing, on the same budget, breakers and key as the rest.
 * Every call emits exactly one {@link Passed} and is made on subscription, once: nothing
 * here is repeated. Cancelling closes the connection.
 */
@Component
public class Relay {

	private static final byte[] NO_BODY = new byte[0];

	private final Transport transport;

	private final KeyCheck key;

	private final Replies replies;

	private final UpstreamProperties properties;

	Relay(Transport transport, KeyCheck key, Replies replies, UpstreamProperties properties) {
		this.transport = transport;
		this.key = key;
		this.replies = replies;
		this.properties = properties;
	}

	/**
	 * Passes a request without a body on.
	 * @param call on whose account
	 * @param onward what is asked
	 * @return what became of it, at the head of a file and at the end of an envelope
	 */
	public Mono<Passed> pass(Call call, Onward onward) {
		return pass(call, onward, NO_BODY);
	}

	/**
	 * Passes a request on that changes nothing.
	 * @param call on whose account
	 * @param onward what is asked
	 * @param body as the caller sent it
	 * @return what became of it, at the head of a file and at the end of an envelope
	 */
	public Mono<Passed> pass(Call call, Onward onward, byte[] body) {
		return heard(
				(told) -> this.key.passed(call)
					.flatMap((passed) -> (passed instanceof Outcome.Success<Standing.Active>)
							? this.transport
								.once(call, request(onward, Side.READ), onward, body,
										this.replies.hearing(onward, told))
								.flatMap((outcome) -> this.key.heed(call.account(), outcome))
							: Mono.just(passed.retyped())));
	}

	Request<Reply> request(Onward onward, Side side) {
		return new Request<>(onward.endpoint(), Family.OTHER, side, (uri) -> onward.at(this.properties.baseUrl()),
				(data) -> Optional.empty());
	}

	/** Keeps the answer beside its outcome: a refusal's bytes are handed on as well. */
	static Mono<Passed> heard(Function<Consumer<Reply>, Mono<Outcome<Reply>>> exchange) {
		return Mono.defer(() -> {
			AtomicReference<@Nullable Reply> heard = new AtomicReference<>();
			return exchange.apply(heard::set).map((outcome) -> Passed.of(outcome, Optional.ofNullable(heard.get())));
		});
	}

}
