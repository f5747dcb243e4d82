package dz.flexy.gateway.budget;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Figures of 120 calls a minute unless others are named; times are microseconds. */
class RateTest {

	private static final Rate RATE = Rate.of(120, Duration.ofSeconds(60));

	@ParameterizedTest
	@CsvSource({ "1, 1", "2, 1", "59, 1", "60, 2", "120, 4", "300, 10", "3000, 10", "13200, 11", "60000, 50" })
	void aBurstIsAThirtiethTenAtMostOrWhatComesDueBetweenTwoLooks(int limit, int burst) {
		assertThat(Rate.of(limit, Duration.ofSeconds(60)).burst()).isEqualTo(burst);
	}

	@Test
	void aBurstLeavesOneForTheStepsAndASingleCallIsOne() {
		assertThat(Rate.of(2, Duration.ofMillis(10)).burst()).isOne();
		assertThat(Rate.of(1, Duration.ofMillis(10)).burst()).isOne();
		assertThat(Rate.of(1, Duration.ofSeconds(60)).spacing()).isEqualTo(60_000_000);
	}

	@Test
	void aBurstAndAllStepsOfAWindowAreTheLimit() {
		for (int limit = 1; limit < 2000; limit++) {
			Rate rate = Rate.of(limit, Duration.ofSeconds(60));
			long inAWindow = rate.burst() + (rate.window() - 1) / rate.spacing();

			assertThat(inAWindow).as("of %d", limit).isBetween((long) limit - 1, limit + rate.window() / 60_000_000);
		}
		assertThat(RATE.spacing()).isEqualTo(517_241);
		assertThat(RATE.slack()).isEqualTo(3 * 517_241);
	}

	@ParameterizedTest
	@CsvSource({ "60, 60", "119, 119", "120, 120", "121, 120", "0, 1", "-5, 1" })
	void theUpstreamOnlyLowersTheLimit(int told, int limit) {
		assertThat(RATE.atMost(told)).isEqualTo(Rate.of(limit, Duration.ofSeconds(60)));
	}

	@ParameterizedTest
	@CsvSource({ "SEND, 1039654, 1567397, 0, 0", "SETTLE, 931034, 1149424, 4, 4", "TRACK, 775862, 4285714, 4, 4",
			"LOOKUP, 77586, 10344820, 5, 10", "REFRESH, 0, 25862050, 5, 10" })
	void eachLaneHasItsShare(Lane lane, long slack, long spacing, int spare, int last) {
		assertThat(RATE.slack(lane)).isEqualTo(slack);
		assertThat(RATE.spacing(lane)).isEqualTo(spacing);
		assertThat(RATE.spare(lane)).isEqualTo(spare);
		assertThat(RATE.last(lane)).isEqualTo(last);
	}

	/** Below 20 calls a twentieth is none. */
	@ParameterizedTest
	@CsvSource({ "1, 1, 1", "19, 1, 1", "20, 2, 2", "60, 3, 5", "120, 5, 10", "6000, 11, 310" })
	void lookupsLeaveABurstAndOneOfATwentiethOrAllOfIt(int limit, int spare, int last) {
		Rate rate = Rate.of(limit, Duration.ofSeconds(60));

		assertThat(rate.spare(Lane.LOOKUP)).isEqualTo(spare);
		assertThat(rate.last(Lane.LOOKUP)).isEqualTo(last);
	}

	@Test
	void sweepsRunAheadByAQuarterOfTheirShareAndTheOthersAtWill() {
		assertThat(RATE.ahead(Lane.TRACK)).isEqualTo(3 * 4_285_714);
		assertThat(Rate.of(10, Duration.ofSeconds(60)).ahead(Lane.TRACK)).isZero();
		assertThat(RATE.ahead(Lane.SEND)).isGreaterThan(Duration.ofDays(365).toNanos());
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 250000", "250000, 250000", "250001, 500000" })
	void timesAreKeptInQuartersOfASecond(long at, long slot) {
		assertThat(RATE.slot(at)).isEqualTo(slot);
		assertThat(Rate.of(1, Duration.ofNanos(100_000)).slot(at)).isEqualTo(at);
	}

}
