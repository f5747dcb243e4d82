package dz.flexy.gateway.orders;

import java.time.Instant;
import java.util.List;

import dz.flexy.gateway.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.r2dbc.core.DatabaseClient;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

class OpenOrdersTest {

	private final FailingConnections connections = new FailingConnections(Database.fresh().connections());

	private final DatabaseClient database = DatabaseClient.create(this.connections);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final OpenOrders open = new OpenOrders(new OpenStore(this.database), this.meters);

	@Test
	void whatCannotBeCountedIsNotKnownAnyMore() {
		handling();
		assertThat(orders("HANDLING")).isNaN();

		this.open.refresh().block(LIMIT);
		assertThat(orders("HANDLING")).isOne();
		assertThat(orders("ACCEPTED")).isZero();

		this.connections.fail();
		this.open.refresh().onErrorComplete().block(LIMIT);
		assertThat(orders("HANDLING")).isNaN();
		assertThat(this.meters.get("gateway.orders.oldest").tag("family", "internet").gauges())
			.allSatisfy((gauge) -> assertThat(gauge.value()).isNaN());
		assertThat(this.meters.get("gateway.orders.flagged").tag("family", "internet").gauge().value()).isNaN();

		this.connections.heal();
		this.open.refresh().block(LIMIT);
		assertThat(orders("HANDLING")).isOne();
	}

	/** What was looked at while the clock was ahead would not be for as long as that. */
	@Test
	void whatIsDueInHoursIsDueNow() {
		handling();
		run("update orders_order set due_at = now() + interval '61 minutes'");
		this.open.refresh().block(LIMIT);
		assertThat(due()).as("as seldom as any is looked at").isZero();

		run("update orders_order set due_at = now() + interval '2 hours'");
		this.open.refresh().block(LIMIT);
		assertThat(due()).isOne();
	}

	@Test
	void whatAPersonDecidesRestsForADay() {
		handling();
		run("update orders_order set state = 'SEND_UNKNOWN', candidates = '[]', due_at = now() + interval '1 day'");

		this.open.refresh().block(LIMIT);

		assertThat(due()).isZero();
	}

	private void handling() {
		new OrderRows(this.database).add("shop", "internet", List.of(Instant.now()));
		run("update orders_order set state = 'HANDLING', final_at = null");
	}

	private double orders(String state) {
		return this.meters.get("gateway.orders.open").tags("family", "internet", "state", state).gauge().value();
	}

	private Long due() {
		return this.database.sql("select count(*) from orders_order where due_at <= now()")
			.mapValue(Long.class)
			.one()
			.block(LIMIT);
	}

	private void run(String sql) {
		this.database.sql(sql).then().block(LIMIT);
	}

}
