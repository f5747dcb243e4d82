package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.orders.Order;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.http.codec.ServerSentEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

class StreamStopTest {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final Duration GRACE = Duration.ofSeconds(10);

	@Test
	void openStreamsEndWithAHintAndHoldNothingUp() {
		StreamServer server = StreamServer.start(Map.of());
		Order order = server.accept("r1");
		Flux<ServerSentEvent<String>> streams = Flux.merge(server.stream(order), server.stream("/orders/events"))
			.cache();
		streams.filter((event) -> "status".equals(event.event())).take(2).blockLast(LIMIT);

		assertTimeout(GRACE, server::close);

		List<ServerSentEvent<String>> all = streams.collectList().blockOptional(LIMIT).orElseThrow();
		// A stream that has nothing to tell yet begins with a hint too, but with an id.
		assertThat(all).filteredOn((event) -> event.event() == null && event.id() == null && event.retry() != null)
			.hasSize(2);
	}

}
