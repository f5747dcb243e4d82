package dz.flexy.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import dz.flexy.gateway.LeaseWatch.Fate;
import dz.flexy.gateway.LeaseWatch.Look;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Each case has one look a second; the holder dies before the third. */
class LeaseWatchTest {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	@Test
	void takenTwoSecondsAfterItRanOut() {
		assertThat(fate("a5", "a4", "a3", "a2", "a1", "a0", "a-1", "b9")).isEqualTo(died(2));
	}

	@Test
	void givenAwayBeforeItRanOut() {
		assertThat(fate("a5", "a4", "b9")).isEqualTo(died(0));
	}

	@Test
	void nobodyTookIt() {
		assertThat(fate("a3", "a2", "a1", "a0", "a-1", "a-2", "a-3")).isEqualTo(died(3));
	}

	@Test
	void prolongedByTheSameHolder() {
		assertThat(fate("a2", "a3", "a2", "a1", "a3", "a2", "a1").holderDied()).isFalse();
	}

	@Test
	void leasesThatCameLaterAndOtherNamesDoNotCount() {
		Look later = new Look(START.plusSeconds(3), "sweep-b", "b", Duration.ofSeconds(1));
		Look other = new Look(START, "other", "a", Duration.ofSeconds(1));

		assertThat(LeaseWatch.fates(List.of(other, later), START.plusSeconds(2), "sweep")).isEmpty();
	}

	private static Fate died(int late) {
		return new Fate("sweep-a", true, Duration.ofSeconds(late));
	}

	/** Of looks that tell the holder and the seconds that remain. */
	private static Fate fate(String... rows) {
		List<Look> looks = IntStream.range(0, rows.length)
			.mapToObj((i) -> new Look(START.plusSeconds(i), "sweep-a", rows[i].substring(0, 1),
					Duration.ofSeconds(Long.parseLong(rows[i].substring(1)))))
			.toList();
		return LeaseWatch.fates(looks, START.plusMillis(1500), "sweep").getFirst();
	}

}
