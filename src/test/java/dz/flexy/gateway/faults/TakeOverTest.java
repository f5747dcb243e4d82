package dz.flexy.gateway.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dz.flexy.gateway.faults.TakeOver.Look;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TakeOverTest {

	private static final Instant START = Instant.EPOCH;

	private static final Instant DEATH = START.plusSeconds(10);

	@Test
	void countsFromTheDeathUntilAnotherHolds() {
		List<Look> looks = Stream
			.concat(held("dead", 0, 10, 5), Stream.concat(standing(10, 14), held("next", 15, 20, 5)))
			.toList();

		assertThat(TakeOver.after(looks, DEATH)).contains(Duration.ofSeconds(5));
	}

	@Test
	void countsNothingWhereTheHolderLives() {
		List<Look> looks = held("alive", 0, 20, 5).toList();

		assertThat(TakeOver.after(looks, DEATH)).isEmpty();
	}

	@Test
	void countsNothingWhereTheDatabaseWasAway() {
		List<Look> looks = Stream.concat(held("dead", 0, 10, 5), held("next", 16, 20, 5)).toList();

		assertThat(TakeOver.after(looks, DEATH)).isEmpty();
	}

	private static Stream<Look> held(String holder, int from, int to, int lease) {
		return IntStream.range(from, to)
			.mapToObj(START::plusSeconds)
			.map((at) -> new Look(at, holder, at.plusSeconds(lease)));
	}

	/** The dead one's row, as it left it. */
	private static Stream<Look> standing(int from, int to) {
		return IntStream.rangeClosed(from, to)
			.mapToObj(START::plusSeconds)
			.map((at) -> new Look(at, "dead", START.plusSeconds(14)));
	}

}
