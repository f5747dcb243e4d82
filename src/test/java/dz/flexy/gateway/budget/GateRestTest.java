package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class GateRestTest {

	private static final Duration JITTER = Duration.ofMillis(250);

	private static final Duration SLACK = Duration.ofMillis(20);

	private GateUnderTest gate;

	@BeforeEach
	void open() {
		this.gate = GateUnderTest.heard();
	}

	@AfterEach
	void close() {
		this.gate.close();
	}

	@Test
	void nothingRemainingStopsUntilTheReset() {
		this.gate.told(200, "0", "30", null);

		assertRestsFor(Duration.ofSeconds(30));
	}

	@Test
	void aPermitFromBeforeDoesNotComeBackIntoAUsedUpWindow() {
		Permit unused = this.gate.granted(Lane.SEND);
		this.gate.told(200, "0", "30", null);

		unused.unused();

		assertRestsFor(Duration.ofSeconds(30));
	}

	@Test
	void aRemainderIsUsedAndThenTheWindowRests() {
		this.gate.told(200, "1", "30", null);
		this.gate.pass(Duration.ofMillis(300));

		assertThat(this.gate.granted(Lane.SEND).begin()).isTrue();
		assertRests(this.gate.acquire(Lane.SEND), Duration.ofMillis(29_700), Duration.ZERO);
	}

	/** The upstream had not counted them when it answered. */
	@Test
	void callsUnderWayCountAgainstARemainder() {
		this.gate.granted(Lane.SEND).begin();
		this.gate.told(200, "2", "30", null);
		this.gate.pass(Duration.ofMillis(300));

		assertThat(this.gate.granted(Lane.SEND).begin()).isTrue();
		assertRests(this.gate.acquire(Lane.SEND), Duration.ofMillis(29_700), Duration.ZERO);
	}

	@Test
	void aLateAnswerRaisesNothing() {
		this.gate.told(200, "1", "30", null);
		this.gate.told(200, "100", "30", null);
		this.gate.told(200, "100", "29", null);
		this.gate.pass(Duration.ofMillis(300));

		assertThat(this.gate.granted(Lane.SEND).begin()).isTrue();
		assertRests(this.gate.acquire(Lane.SEND), Duration.ofMillis(29_700), Duration.ZERO);
	}

	@Test
	void theNextWindowStartsAnew() {
		this.gate.told(200, "1", "30", null);
		this.gate.told(200, "110", "90", null);
		this.gate.pass(Duration.ofMillis(300));

		assertThat(this.gate.acquire(Lane.SEND)).isCompleted();
		assertThat(this.gate.acquire(Lane.SEND)).isCompleted();
	}

	/** Times are told in whole seconds. */
	@Test
	void aRefusalRestsForASecondAtLeast() {
		this.gate.told(429, null, null, "0");

		assertRestsFor(Duration.ofSeconds(1));
	}

	@Test
	void noneLeftRestsForASecondAtLeast() {
		this.gate.told(200, "0", "1", null);

		assertRestsFor(Duration.ofSeconds(1));
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
	void whatARefusalFindsAtHandGoesBack() {
		this.gate.rows().slow(Duration.ofMillis(100));
		this.gate.acquire(Lane.SEND).cancel(true);
		this.gate.pass(Duration.ofMillis(200));
		this.gate.told(429, null, null, "3");

		assertRests(this.gate.acquire(Lane.SEND), Duration.ofSeconds(3), JITTER.plusMillis(200));
	}

	@Test
	void missingHeadersChangeNothing() {
		this.gate.told(200, null, null, null);
		this.gate.told(200, "0", null, null);
		this.gate.told(200, null, "30", null);
		this.gate.pass(Duration.ofMillis(300));

		assertThat(this.gate.acquire(Lane.SEND)).isCompleted();
		assertThat(this.gate.acquire(Lane.SEND)).isCompleted();
	}

	@Test
	void aLowerLimitSlowsThePaceDown() {
		this.gate.gate()
			.observe(RateLimitHeaders.read(200, Optional.of("60"), Optional.of("50"), Optional.of("30"),
					Optional.empty(), Instant.EPOCH, Duration.ofMinutes(1)));
		this.gate.pass(Duration.ofMillis(300));

		List<CompletableFuture<Permit>> sends = IntStream.range(0, 30)
			.mapToObj((i) -> this.gate.acquire(Lane.SEND))
			.toList();
		sends.forEach((send) -> send.thenAccept(Permit::begin));
		this.gate.pass(Duration.ofSeconds(10));

		assertThat(sends.stream().filter(CompletableFuture::isDone).count()).isBetween(10L, 12L);
	}

	private void assertRestsFor(Duration rest) {
		assertRests(this.gate.acquire(Lane.SEND), rest, JITTER);
	}

	private void assertRests(CompletableFuture<Permit> permit, Duration rest, Duration spread) {
		this.gate.pass(rest.minus(SLACK));
		assertThat(permit).isNotDone();
		this.gate.pass(spread.plus(SLACK.multipliedBy(2)));
		assertThat(permit).isCompleted();
	}

}
