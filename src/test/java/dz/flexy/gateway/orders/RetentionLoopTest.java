package dz.flexy.gateway.orders;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

class RetentionLoopTest {

	private static final String MISSING = "gateway.orders.card.keys.missing";

	private static final int MORE_THAN_A_BATCH = 201;

	private final FailingConnections connections = new FailingConnections(Database.fresh().connections());

	private final Ledger ledger = new Ledger(this.connections);

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final RetentionLoop loop = loop(new byte[32]);

	@Test
	void erasesBatchAfterBatchAndCounts() {
		Order old = this.ledger.fulfilled("r1");
		await(this.ledger.database()
			.sql("""
					insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
					                          send_deadline, state, accepted_at, final_at)
					select lpad(i::text, 24, '0'), account, caller, family, i::text, i::text, product, number, value,
					       send_deadline, state, now() - interval '401 days', now() - interval '401 days'
					from orders_order, generate_series(1, :count) i where id = :id""")
			.bind("count", MORE_THAN_A_BATCH)
			.bind("id", old.id().value())
			.fetch()
			.rowsUpdated());

		assertThat(await(this.loop.eraseOld())).isEqualTo(MORE_THAN_A_BATCH);
		assertThat(await(this.loop.eraseOld())).isZero();
		assertThat(this.meters.get("gateway.orders.erased").counter().count()).isEqualTo(MORE_THAN_A_BATCH);
		assertThat(await(this.ledger.store().find(old.id())).erasedAt()).isNull();
	}

	@Test
	void tellsWhichCardKeysAreMissing() {
		deliver();
		byte[] another = new byte[32];
		another[0] = 1;

		assertThat(await(this.loop.missingKeys())).isEmpty();
		assertThat(missing()).isZero();
		MeterRegistry others = new SimpleMeterRegistry();
		assertThat(await(loop(another, others).missingKeys())).hasSize(1);
		assertThat(others.get(MISSING).gauge().value()).isOne();
	}

	@Test
	void worksFromItsStartToItsStop() {
		this.ledger.fulfilled("r1");
		await(this.ledger.database()
			.sql("update orders_order set final_at = now() - interval '401 days', "
					+ "accepted_at = now() - interval '401 days'")
			.fetch()
			.rowsUpdated());
		assertThat(this.loop.isRunning()).isFalse();

		this.loop.start();
		try {
			assertThat(this.loop.isRunning()).isTrue();
			Flux.interval(Duration.ofMillis(20))
				.onBackpressureDrop()
				.concatMap((look) -> this.ledger.database()
					.sql("select count(*) from orders_order where erased_at is not null")
					.mapValue(Long.class)
					.one())
				.filter((erased) -> erased == 1)
				.blockFirst(LIMIT);
		}
		finally {
			this.loop.stop();
		}
		assertThat(this.loop.isRunning()).isFalse();
	}

	private void deliver() {
		await(this.ledger.orders()
			.deliver(this.ledger.handled("card"), OrderState.FULFILLED, Optional.of(new Card("4711", "t-1", null)),
					Change.note()));
	}

	private double missing() {
		return this.meters.get(MISSING).gauge().value();
	}

	private RetentionLoop loop(byte[] key) {
		return loop(key, this.meters);
	}

	private RetentionLoop loop(byte[] key, MeterRegistry registry) {
		OrdersProperties properties = new OrdersProperties(Base64.getEncoder().encodeToString(key), List.of(),
				Duration.ofDays(400), Duration.ofSeconds(1));
		return new RetentionLoop(new RetentionStore(this.ledger.database()),
				new CardVault(properties, new SecureRandom()), properties, registry);
	}

}
