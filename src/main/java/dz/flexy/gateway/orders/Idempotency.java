package dz.flexy.gateway.orders;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** What is remembered of requests with an {@code Idempotency-Key}, for 31 days. */
@Component
public class Idempotency {

	private static final Duration KEPT = Duration.ofDays(31);

	private final IdempotencyStore store;

	Idempotency(IdempotencyStore store) {
		this.store = store;
	}

	/**
	 * The earlier use of a key.
	 * @param key the present use
	 * @return empty if it is the first
	 */
	public Mono<EarlierUse> find(IdempotencyKey key) {
		return this.store.find(key);
	}

	/**
	 * Keeps an answer to be replayed, unless one is kept already.
	 * @param order the order that the request made
	 * @param answer as given
	 * @return completes when stored
	 */
	public Mono<Void> keep(OrderId order, GivenAnswer answer) {
		return this.store.keep(order, answer);
	}

	/**
	 * Forgets what is older than 31 days.
	 * @return how many uses
	 */
	public Mono<Long> forgetOld() {
		return this.store.forgetOlderThan(KEPT);
	}

}
