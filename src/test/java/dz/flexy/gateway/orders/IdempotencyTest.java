package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.callers.CallerId;
import org.junit.jupiter.api.Test;

import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

/** What is remembered of an {@code Idempotency-Key}, and for how long. */
class IdempotencyTest {

	private static final String ROUTE = "/v3/internet/send";

	private final Ledger ledger = new Ledger(Database.fresh().connections());

	private final Idempotency idempotency = new Idempotency(new IdempotencyStore(this.ledger.database()),
			this.ledger.store());

	@Test
	void aUseIsKnownByItsCallerItsRouteAndItsKey() {
		Order order = accept("r1", key(SHOP, ROUTE, "k1"));

		EarlierUse use = find(key(SHOP, ROUTE, "k1")).orElseThrow();

		assertThat(use.orderId()).isEqualTo(order.id());
		assertThat(use.given()).isEmpty();
		assertThat(use.sameBody(key(SHOP, ROUTE, "k1"))).isTrue();
		assertThat(use.sameBody(new IdempotencyKey(SHOP, ROUTE, "k1", "another body's"))).isFalse();
		assertThat(find(key(OTHER, ROUTE, "k1"))).isEmpty();
		assertThat(find(key(SHOP, "/v3/mobile/send", "k1"))).isEmpty();
		assertThat(find(key(SHOP, ROUTE, "k2"))).isEmpty();
	}

	@Test
	void theFirstAnswerIsKeptForItsOrderAlone() {
		Order order = accept("r1", key(SHOP, ROUTE, "k1"));
		accept("r2", key(SHOP, ROUTE, "k2"));
		this.idempotency.keep(order.id(), new GivenAnswer(200, "first")).block(Ledger.LIMIT);
		this.idempotency.keep(order.id(), new GivenAnswer(403, "second")).block(Ledger.LIMIT);

		assertThat(find(key(SHOP, ROUTE, "k1")).orElseThrow().given()).contains(new GivenAnswer(200, "first"));
		assertThat(find(key(SHOP, ROUTE, "k2")).orElseThrow().given()).isEmpty();
	}

	@Test
	void aUseIsRememberedForThirtyOneDays() {
		accept("r1", key(SHOP, ROUTE, "k1"));
		accept("r2", key(SHOP, ROUTE, "k2"));
		age("k1", "31 days");
		age("k2", "30 days 23 hours");

		assertThat(await(this.idempotency.forgetOld())).isOne();

		assertThat(find(key(SHOP, ROUTE, "k1"))).isEmpty();
		assertThat(find(key(SHOP, ROUTE, "k2")).orElseThrow().age()).isBetween(Duration.ofHours(743),
				Duration.ofHours(744));
	}

	private Order accept(String ref, IdempotencyKey key) {
		NewOrder plain = Ledger.order(key.caller(), ref);
		return await(this.ledger.orders()
			.accept(new NewOrder(plain.caller(), plain.family(), plain.ref(), plain.item(), plain.sendDeadline(),
					plain.answered(), Optional.of(key))));
	}

	private Optional<EarlierUse> find(IdempotencyKey key) {
		return this.idempotency.find(key).blockOptional(Ledger.LIMIT);
	}

	private void age(String key, String by) {
		await(this.ledger.database()
			.sql("update orders_idempotency set created_at = now() - cast(:by as interval) where key = :key")
			.bind("by", by)
			.bind("key", key)
			.fetch()
			.rowsUpdated());
	}

	private static IdempotencyKey key(CallerId caller, String route, String key) {
		return new IdempotencyKey(caller, route, key, "digest");
	}

}
