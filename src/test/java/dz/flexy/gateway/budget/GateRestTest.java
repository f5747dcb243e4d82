package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class GateRestTest {

	private static final Duration JITTER = Duration.ofMillis(250);

	private final GateUnderTest gate = new GateUnderTest();

	@AfterEach
	void realTime() {
		VirtualTimeScheduler.reset();
	}

	@Test
	void nothingRemainingStopsUntilTheReset() {
		this.gate.told(200, "0", "30", null);

		assertRestsFor(Duration.ofSeconds(30));
	}

	@Test
	void aPermitFromBeforeDoesNotComeBackIntoAUsedUpWindow() {
		Permit unused = this.gate.acquire().join();
		this.gate.told(200, "0", "30", null);

		unused.unused();

		assertRestsFor(Duration.ofSeconds(30));
	}

	@Test
	void aRemainderIsUsedAndThenTheWindowRests() {
		this.gate.told(200, "1", "30", null);

		assertThat(this.gate.acquire()).isCompleted();
		assertRests(this.gate.acquire(), Duration.ofSeconds(30), Duration.ZERO);
	}

	@Test
	void aBareRefusalRestsForFiveSeconds() {
		this.gate.told(429, null, null, null);

		assertRestsFor(Duration.ofSeconds(5));
	}

	@Test
	void aRefusalRestsUntilTheResetWithoutRetryAfter() {
		this.gate.told(429, null, "40", null);

		assertRestsFor(Duration.ofSeconds(40));
	}

	@Test
	void retryAfterCountsBeforeTheReset() {
		this.gate.told(429, null, "40", "3");

		assertRestsFor(Duration.ofSeconds(3));
	}

	@Test
	void aUsedUpWindowRestsToItsEndWhateverRetryAfterSays() {
		this.gate.told(429, "0", "40", "3");

		assertRestsFor(Duration.ofSeconds(40));
	}

	@Test
	void missingHeadersChangeNothing() {
		this.gate.told(200, null, null, null);
		this.gate.told(200, "0", null, null);
		this.gate.told(200, null, "30", null);

		this.gate.burst();
	}

	private void assertRestsFor(Duration rest) {
		assertRests(this.gate.acquire(), rest, JITTER);
	}

	private void assertRests(CompletableFuture<Permit> permit, Duration rest, Duration spread) {
		this.gate.pass(rest.minusNanos(1));
		assertThat(permit).isNotDone();
		this.gate.pass(spread.plusNanos(1));
		assertThat(permit).isCompleted();
	}

}
