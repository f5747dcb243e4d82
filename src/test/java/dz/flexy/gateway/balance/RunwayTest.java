package dz.flexy.gateway.balance;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RunwayTest {

	private static final Instant START = Instant.parse("2026-10-30T12:00:00Z");

	private final Runway runway = new Runway();

	@Test
	void isUnknownUntilTwoReadingsAMinuteApart() {
		assertThat(this.runway.seconds()).isNaN();

		read(Duration.ZERO, "1000");
		assertThat(this.runway.seconds()).isNaN();

		read(Duration.ofSeconds(59), "500");
		assertThat(this.runway.seconds()).isNaN();

		read(Duration.ofSeconds(60), "500");
		assertThat(this.runway.seconds()).isEqualTo(60);
	}

	@Test
	void isEndlessWhileNothingIsSpent() {
		read(Duration.ZERO, "1000");
		read(Duration.ofMinutes(10), "1000");

		assertThat(this.runway.seconds()).isInfinite();
	}

	@Test
	void aDepositNeitherCountsNorHidesWhatWasSpent() {
		read(Duration.ZERO, "300");
		read(Duration.ofMinutes(5), "200");
		read(Duration.ofMinutes(6), "10200");
		read(Duration.ofMinutes(10), "10000");

		assertThat(this.runway.seconds()).isEqualTo(10_000 / 300.0 * 600);
	}

	@Test
	void theLastHourCounts() {
		read(Duration.ZERO, "100000");
		read(Duration.ofMinutes(1), "1000");
		read(Duration.ofMinutes(61), "400");

		assertThat(this.runway.seconds()).isEqualTo(400 / 600.0 * 3600);
	}

	@Test
	void anEmptyAccountLastsNoTime() {
		read(Duration.ZERO, "100");
		read(Duration.ofMinutes(1), "-5");

		assertThat(this.runway.seconds()).isZero();
	}

	@Test
	void aReadingCountsOnce() {
		read(Duration.ZERO, "100");
		read(Duration.ofMinutes(2), "50");
		read(Duration.ofMinutes(2), "10");
		read(Duration.ofMinutes(1), "10");

		assertThat(this.runway.seconds()).isEqualTo(120);
	}

	private void read(Duration after, String balance) {
		this.runway.read(START.plus(after), new BigDecimal(balance));
	}

}
