package dz.flexy.gateway.orders;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** What is remembered of requests with an {@code Idempotency-Key}, for 31 days. */
@Component
public class Idempotency {

	static final Duration KEPT = Duration.ofDays(31);

	/** Long enough for corrections, which give back what was ordered. */
	private static final Duration SPENT_KEPT = Duration.ofDays(90);

	private final IdempotencyStore store;

	private final OrderStore orders;

	Idempotency(IdempotencyStore store, OrderStore orders) {
		this.store = store;
		this.orders = orders;
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
	 * Forgets what is older than 31 days, and what callers with a limit ordered in
	 * windows that ended more than 90 days ago.
	 * @return how many uses of keys
	 */
	public Mono<Long> forgetOld() {
		return this.store.forgetOlderThan(KEPT)
			.flatMap((uses) -> this.orders.forgetSpentOlderThan(SPENT_KEPT).thenReturn(uses));
	}

}
