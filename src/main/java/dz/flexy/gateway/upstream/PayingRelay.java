package dz.flexy.gateway.upstream;

import java.time.Duration;

import dz.flexy.gateway.breaker.Breakers.Side;
import io.micrometer.core.instrument.Clock;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Passes requests on that move money, with the same last step as any purchase: breaker,
 * permit, connection, commit, first byte.
 */
@Component
public class PayingRelay {

	private final Relay relay;

	private final Transport transport;

	private final KeyCheck key;

	private final Replies replies;

	private final Clock clock;

	PayingRelay(Relay relay, Transport transport, KeyCheck key, Replies replies, Clock clock) {
		this.relay = relay;
		this.transport = transport;
		this.key = key;
		this.replies = replies;
		this.clock = clock;
	}

	/**
	 * Passes a payment on, at most once per subscription.
	 * @param call on whose account
	 * @param onward what is asked
	 * @param body as the caller sent it
	 * @param commit runs once permit and connection are in hand, as the last step before
	 * the first byte; if it fails nothing is sent
	 * @param sendWithin the first byte leaves within this time after the commit began, or
	 * never
	 * @return exactly one; cancelling after the first byte leaves the payment unknown
	 */
	public Mono<Passed> pay(Call call, Onward onward, byte[] body, Mono<Void> commit, Duration sendWithin) {
		LastStep lastStep = new LastStep(this.key.stillPasses(call.account()).then(commit), sendWithin,
				this.clock::monotonicTime);
		return Relay
			.heard((told) -> this.key.paying(call, () -> this.transport.buy(call, this.relay.request(onward, Side.SEND),
					onward::putHeaders, body, lastStep, this.replies.hearing(onward, told))));
	}

}
