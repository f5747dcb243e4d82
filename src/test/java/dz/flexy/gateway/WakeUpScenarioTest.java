package dz.flexy.gateway;

import java.time.Duration;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/** What one replica accepts is seen on another's streams, with wake-ups and without. */
@Isolated("measures how fast a change spreads")
class WakeUpScenarioTest {

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anotherReplicaTellsItWithinASecond(boolean notify) {
		Map<String, Object> settings = Map.of("gateway.signal.notify", notify);
		try (GatewayUnderTest first = GatewayUnderTest.start(settings);
				GatewayUnderTest second = first.another(settings)) {
			second.get("/orders").block(PATIENCE);
			Sinks.One<Long> told = Sinks.one();
			Mono<Long> seen = second.stream(GatewayUnderTest.KEY, "/orders/events", "0")
				.filter((event) -> "status".equals(event.event()))
				.next()
				.map((event) -> System.nanoTime());

			Long[] times = Mono.zip(seen, told.asMono(), (a, b) -> new Long[] { a, b })
				.doOnSubscribe((subscribed) -> Mono.delay(Duration.ofMillis(500))
					.then(Mono.defer(() -> first.send(body(), Map.of("Prefer", "respond-async"))))
					.map(Answer::status)
					.subscribe((status) -> told.tryEmitValue(System.nanoTime())))
				.block(PATIENCE);

			assertThat(Duration.ofNanos(times[0] - times[1])).isLessThan(Duration.ofSeconds(1));
		}
	}

	private static Map<String, Object> body() {
		return Map.of("type", "ADSL", "number", "036362689", "value", 1000, "ref", "woken");
	}

}
