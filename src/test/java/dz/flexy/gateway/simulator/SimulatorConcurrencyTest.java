package dz.flexy.gateway.simulator;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorConcurrencyTest {

	@Test
	void oneOfManySendsWithOneRefIsAccepted() {
		try (UpstreamSimulator simulator = UpstreamSimulator.builder().clock(new SettableClock()).start()) {
			List<Integer> statuses = together(simulator, 40);

			assertThat(statuses).containsOnlyOnce(200).contains(403);
			assertThat(simulator.account(SimulatorClient.KEY).orders()).singleElement()
				.returns(40, SimulatedOrder::sends);
			assertThat(simulator.account(SimulatorClient.KEY).balance()).isEqualByComparingTo("999020");
		}
	}

	@Test
	void limitHoldsUnderConcurrency() {
		try (UpstreamSimulator simulator = UpstreamSimulator.builder().clock(new SettableClock()).limit(10).start()) {
			List<Integer> statuses = together(simulator, 40);

			assertThat(statuses).filteredOn((status) -> status == 429).hasSize(30);
		}
	}

	private static List<Integer> together(UpstreamSimulator simulator, int calls) {
		try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
			HttpRequest request = HttpRequest.newBuilder(simulator.baseUrl().resolve("/v3/internet/send"))
				.header("X-Access-Token", SimulatorClient.KEY)
				.timeout(Duration.ofSeconds(20))
				.POST(HttpRequest.BodyPublishers.ofString(SimulatorClient.ADSL.formatted("036362608", "order-1")))
				.build();
			List<CompletableFuture<Integer>> answers = IntStream.range(0, calls)
				.mapToObj((call) -> http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
					.thenApply(HttpResponse::statusCode))
				.toList();
			return answers.stream().map(CompletableFuture::join).toList();
		}
	}

}
