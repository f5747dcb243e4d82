package dz.flexy.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Twenty sends hang at once and are never answered; every other one did not arrive. The
 * key lets 120 calls through in a minute and the upstream is up. All times are divided by
 * three ({@code -Dsettling.scale}), the budget with them.
 */
@Isolated("measures delays")
@Tag("proof")
class SettlingTimeTest {

	private static final int SCALE = Integer.getInteger("settling.scale", 3);

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final int ORDERS = 20;

	@Test
	void isOverWithinAMinuteForTwentyAtOnce() {
		Duration window = scaled(60);
		Map<String, Object> settings = Map.of("gateway.upstream.accounts.main.limit", 120,
				"gateway.upstream.accounts.main.window", window, "gateway.upstream.response-timeout", scaled(15),
				"gateway.dispatch.send-within", scaled(2), "gateway.dispatch.absence-margin", scaled(10),
				"gateway.dispatch.absence-gap", scaled(10), "gateway.polling.sweep", scaled(5));
		try (GatewayUnderTest gateway = GatewayUnderTest.start(settings,
				(simulator) -> simulator.limit(120).window(window).speed(SCALE))) {
			List<String> numbers = IntStream.range(0, ORDERS).mapToObj((i) -> "03624%02d80".formatted(i)).toList();
			numbers.forEach((number) -> gateway.upstream()
				.faults()
				.next((numbers.indexOf(number) % 2 > 0) ? Fault.hangBeforeCommit() : Fault.hangAfterCommit(),
						RequestMatch.onSend().and(RequestMatch.onNumber(number))));

			List<String> ends = Flux.fromIterable(numbers)
				.flatMap((number) -> gateway.send(Map.of("type", "ADSL", "number", number, "value", 1000),
						Map.of("Prefer", "respond-async")))
				.map(Answer::topupId)
				.flatMap(gateway::end, ORDERS)
				.map((order) -> order.path("status").asString())
				.collectList()
				.block(PATIENCE);

			List<Duration> unknown = gateway.database()
				.client()
				.sql("""
						select (extract(epoch from sum(left_at - at)) * 1000)::bigint
						from (select order_id, state, at, lead(at) over (partition by order_id order by position) as left_at
						      from orders_event) stays
						where state = 'SEND_UNKNOWN' group by order_id""")
				.mapValue(Long.class)
				.all()
				.map((millis) -> Duration.ofMillis(millis).multipliedBy(SCALE))
				.collectList()
				.block(PATIENCE);
			Figures figures = new Figures("Time in SEND_UNKNOWN of 20 orders at once, times " + SCALE);
			figures.add("median", Figures.quantile(unknown, 0.5));
			figures.add("longest", Figures.quantile(unknown, 1));
			figures.print();
			assertThat(ends).hasSize(ORDERS).containsOnly("FULFILLED");
			assertThat(gateway.upstream().account("sim-key-1").orders()).hasSize(ORDERS)
				.extracting(SimulatedOrder::sends)
				.containsOnly(1);
			assertThat(unknown).hasSize(ORDERS).allMatch((time) -> time.compareTo(Duration.ofSeconds(60)) < 0);
		}
	}

	private static Duration scaled(int seconds) {
		return Duration.ofSeconds(seconds).dividedBy(SCALE);
	}

}
