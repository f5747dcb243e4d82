package dz.flexy.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/** What one replica accepts is seen on another's streams, with wake-ups and without. */
class WakeUpScenarioTest {

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	/** It looks by itself once an hour, so being told at all is the proof. */
	@Test
	void aWakeUpTellsAnotherReplica() {
		assertThat(told(Map.of("gateway.signal.notify", true, "gateway.orders.slow-poll", "1h"))).startsWith("woken-");
	}

	@Test
	void withoutWakeUpsAnotherReplicaLooksForItself() {
		assertThat(told(Map.of("gateway.signal.notify", false))).startsWith("woken-");
	}

	/**
	 * What the other replica tells first of what is accepted once its stream stands. It
	 * sends nothing itself, for it would wake itself by that. Orders go on, since a
	 * wake-up is spent in vain while an older transaction hides what it tells of.
	 */
	private static String told(Map<String, Object> settings) {
		Map<String, Object> idle = new HashMap<>(settings);
		idle.put("gateway.dispatch.hold", true);
		try (GatewayUnderTest first = GatewayUnderTest.start(settings); GatewayUnderTest second = first.another(idle)) {
			accept(first, "known").block(PATIENCE);
			Sinks.Empty<Void> open = Sinks.empty();
			Flux<Answer> orders = open.asMono()
				.thenMany(Flux.interval(Duration.ZERO, Duration.ofSeconds(1)).onBackpressureDrop())
				.concatMap((i) -> accept(first, "woken-" + i));
			return second.stream(GatewayUnderTest.KEY, "/orders/events", "0")
				.filter((event) -> "status".equals(event.event()))
				.map((event) -> GatewayUnderTest.data(event).path("ref").asString())
				.doOnNext((ref) -> open.tryEmitEmpty())
				.filter((ref) -> !ref.equals("known"))
				.mergeWith(orders.then(Mono.empty()))
				.blockFirst(PATIENCE);
		}
	}

	private static Mono<Answer> accept(GatewayUnderTest gateway, String ref) {
		return gateway.send(Map.of("type", "ADSL", "number", "036362689", "value", 1000, "ref", ref),
				Map.of("Prefer", "respond-async"));
	}

}
