package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorRateTest {

	private final SettableClock clock = new SettableClock();

	private UpstreamSimulator simulator = limited().start();

	private SimulatorClient client = new SimulatorClient(this.simulator);

	@AfterEach
	void close() {
		this.simulator.close();
	}

	@Test
	void headersTellTheTruth() throws IOException {
		SimulatorClient.Response first = this.client.get("/v3/account/balance");
		this.clock.advance(Duration.ofSeconds(10));
		SimulatorClient.Response second = this.client.get("/v3/account/balance");

		long opened = this.clock.instant().getEpochSecond() - 10;
		assertThat(first.header("X-RateLimit-Limit")).isEqualTo("3");
		assertThat(first.header("X-RateLimit-Remaining")).isEqualTo("2");
		assertThat(second.header("X-RateLimit-Remaining")).isEqualTo("1");
		assertThat(second.header("X-RateLimit-Reset")).isEqualTo(Long.toString(opened + 60));
	}

	@Test
	void everyCallWithAKeyCounts() throws IOException {
		this.client.get("/v3/ping");
		this.client.get("/v3/nowhere");
		this.client.get("/v3/internet/check-id/none");

		assertThat(this.client.get("/v3/ping").status()).isEqualTo(429);
	}

	@Test
	void refusedCallLeavesNothingBehind() throws IOException {
		exhaust();

		SimulatorClient.Response refused = this.client.send("036362608", "order-1");

		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.code()).isEqualTo("RATE_LIMIT_EXCEEDED");
		assertThat(refused.header("Retry-After")).isEqualTo("60");
		assertThat(refused.header("X-RateLimit-Remaining")).isEqualTo("0");
		assertThat(this.simulator.account(SimulatorClient.KEY).orders()).isEmpty();
		assertThat(this.simulator.requests().sends()).singleElement().returns(429, ReceivedRequest::status);
	}

	@Test
	void windowEndsAtItsResetAndNotBefore() throws IOException {
		exhaust();

		this.clock.advance(Duration.ofSeconds(60).minusMillis(1));
		SimulatorClient.Response before = this.client.get("/v3/ping");
		this.clock.advance(Duration.ofMillis(1));
		SimulatorClient.Response after = this.client.get("/v3/ping");

		assertThat(before.status()).isEqualTo(429);
		assertThat(before.header("Retry-After")).isEqualTo("1");
		assertThat(after.header("X-RateLimit-Remaining")).isEqualTo("2");
	}

	@Test
	void slidingWindowFreesOneCallAtATime() throws IOException {
		this.simulator.close();
		this.simulator = limited().slidingWindow().start();
		this.client = new SimulatorClient(this.simulator);

		this.client.get("/v3/ping");
		this.clock.advance(Duration.ofSeconds(59));
		this.client.get("/v3/ping");
		this.client.get("/v3/ping");
		this.clock.advance(Duration.ofSeconds(1));

		assertThat(this.client.get("/v3/ping").status()).isEqualTo(200);
		assertThat(this.client.get("/v3/ping").status()).isEqualTo(429);
	}

	@Test
	void keysHaveWindowsOfTheirOwn() throws IOException {
		exhaust();

		assertThat(this.client.as("big").get("/v3/ping").header("X-RateLimit-Remaining")).isEqualTo("5999");
	}

	@Test
	void oneKeyMaySlideWhileOthersDoNot() throws IOException {
		this.simulator.close();
		this.simulator = limited().limit("big", 3).slidingWindow("big").start();
		this.client = new SimulatorClient(this.simulator);

		assertThat(allowedAfterASplitWindow(this.client)).isEqualTo(3);
		assertThat(allowedAfterASplitWindow(this.client.as("big"))).isEqualTo(1);
	}

	@Test
	void limitChangesInTheRunningWindow() throws IOException {
		exhaust();
		this.simulator.account(SimulatorClient.KEY).setLimit(4);

		assertThat(this.client.get("/v3/ping").header("X-RateLimit-Remaining")).isEqualTo("0");
		assertThat(this.client.get("/v3/ping").status()).isEqualTo(429);
	}

	/** One call, two at the window's end, and as many as go through after it. */
	private int allowedAfterASplitWindow(SimulatorClient caller) throws IOException {
		caller.get("/v3/ping");
		this.clock.advance(Duration.ofSeconds(59));
		caller.get("/v3/ping");
		caller.get("/v3/ping");
		this.clock.advance(Duration.ofSeconds(1));
		int allowed = 0;
		while (caller.get("/v3/ping").status() == 200) {
			allowed++;
		}
		return allowed;
	}

	private void exhaust() throws IOException {
		for (int call = 0; call < 3; call++) {
			this.client.get("/v3/ping");
		}
	}

	private SimulatorBuilder limited() {
		return UpstreamSimulator.builder()
			.clock(this.clock)
			.account(SimulatorClient.KEY, "+213665983439", BigDecimal.TEN)
			.account("big", "+213665983440", BigDecimal.TEN)
			.limit(3)
			.limit("big", 6000);
	}

}
