package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/** A limit so high that permits are had before anybody asks. */
@Isolated("virtual time replaces the schedulers of the whole process")
class GateStockTest {

	private final GateUnderTest gate = GateUnderTest.heard(60_000);

	@AfterEach
	void close() {
		this.gate.close();
	}

	@Test
	void admitsWhileTheRowIsSlow() {
		take(10);
		this.gate.rows().slow(Duration.ofSeconds(1));

		assertThat(this.gate.acquire(Lane.LOOKUP)).isCompleted();
	}

	@Test
	void givesBackWhatNobodyTook() {
		take(10);
		assertThat(this.gate.gate().getMetrics().getAvailablePermissions()).isPositive();

		this.gate.pass(Duration.ofSeconds(10));

		assertThat(this.gate.gate().getMetrics().getAvailablePermissions()).isZero();
		assertThat(this.gate.rows().charged()).isEqualTo(10);
	}

	@Test
	void takesNothingAfterAnAnswerThatStopsAll() {
		take(10);

		this.gate.told(429, null, null, "5");

		assertThat(this.gate.acquire(Lane.LOOKUP)).isNotDone();
	}

	/** One each five milliseconds. */
	private void take(int count) {
		IntStream.range(0, count).forEach((i) -> {
			Permit permit = this.gate.granted(Lane.LOOKUP);
			permit.begin();
			permit.answered();
			permit.close();
			this.gate.pass(Duration.ofMillis(5));
		});
	}

}
