package dz.flexy.gateway.reconciliation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.reconciliation.StatementStore.Line;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.r2dbc.core.DatabaseClient;

import static org.assertj.core.api.Assertions.assertThat;

class StatementStoreTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final DatabaseClient database = Database.fresh().client();

	/** Three callers, an order each ten minutes for 40 days: 144 a day, 17,280 in all. */
	@Test
	void readsTheDaysThatAreAskedForAndNoOthers() {
		for (String caller : new String[] { "a", "b", "c" }) {
			this.database.sql("""
					insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
					  send_deadline, state, accepted_at, cost, final_at)
					select :caller || i, 'main', :caller, 'internet', i, :caller || i, 'ADSL', '036362608', 1000, now(),
					  'FULFILLED', '2026-01-31T00:00:00Z'::timestamptz + i * interval '10 minutes', 980, now()
					from generate_series(0, 5759) i""").bind("caller", caller).then().block(PATIENCE);
		}
		this.database.sql("analyze orders_order").then().block(PATIENCE);
		Instant from = Instant.parse("2026-03-01T00:00:00Z");
		Instant until = Instant.parse("2026-03-03T00:00:00Z");

		assertThat(new StatementStore(this.database).lines(from, until, Optional.empty()).collectList().block(PATIENCE))
			.hasSize(6)
			.extracting(Line::accepted)
			.containsOnly(144L);
		// 864 orders of those days, and a few to find the callers by.
		assertThat(read(from, until)).isLessThan(900);
	}

	private long read(Instant from, Instant until) {
		JsonNode plan = JsonMapper.shared()
			.readTree(this.database.sql("explain (analyze, format json) " + StatementStore.STATEMENT)
				.bind("from", from)
				.bind("until", until)
				.bind("caller", Parameters.in(R2dbcType.VARCHAR))
				.mapValue(String.class)
				.one()
				.block(PATIENCE));
		return plan.findParents("Relation Name")
			.stream()
			.filter((node) -> node.path("Relation Name").asString().equals("orders_order"))
			.mapToLong((node) -> Math
				.round((node.path("Actual Rows").asDouble() + node.path("Rows Removed by Filter").asDouble(0))
						* node.path("Actual Loops").asLong()))
			.sum();
	}

}
