package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TallyTest {

	private final Tally tally = new Tally(Duration.ofNanos(100));

	@Test
	void countsByLaneWhatAWindowHolds() {
		this.tally.add(Lane.SEND, 0);
		this.tally.add(Lane.SEND, 60);
		this.tally.add(Lane.TRACK, 60);

		assertThat(this.tally.counts(99)).isEqualTo(Map.of(Lane.SEND, 2, Lane.TRACK, 1));
		assertThat(this.tally.counts(100)).isEqualTo(Map.of(Lane.SEND, 1, Lane.TRACK, 1));
		assertThat(this.tally.counts(160)).isEqualTo(Map.of(Lane.SEND, 0, Lane.TRACK, 0));
	}

}
