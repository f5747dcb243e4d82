package dz.flexy.gateway.budget;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTest {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final Duration WINDOW = Duration.ofSeconds(60);

	/**
	 * Our estimate of a window's end is up to a second late; its successor is told
	 * before.
	 */
	@Test
	void whatWasLeftOfOneWindowDoesNotLimitTheNext() {
		Pace pace = Pace.of(120, WINDOW, 0).lowered(1, 60 * SECOND, 59 * SECOND);

		Pace next = pace.lowered(119, 120 * SECOND, 59 * SECOND + SECOND / 2).taken(61 * SECOND).taken(62 * SECOND);

		assertThat(next.next(70 * SECOND)).isEqualTo(70 * SECOND);
	}

	@Test
	void aBlockIsNeitherLiftedNorProlongedByTheNextWindow() {
		Pace pace = Pace.of(120, WINDOW, 0).lowered(0, 60 * SECOND, 30 * SECOND);

		Pace next = pace.lowered(119, 120 * SECOND, 59 * SECOND);

		assertThat(next.next(59 * SECOND)).isEqualTo(60 * SECOND);
	}

	@Test
	void theSameWindowIsOnlyEverLowered() {
		Pace pace = Pace.of(120, WINDOW, 0).lowered(1, 60 * SECOND, 30 * SECOND);

		Pace later = pace.lowered(50, 60 * SECOND + SECOND, 31 * SECOND).taken(32 * SECOND);

		assertThat(later.next(40 * SECOND)).isEqualTo(61 * SECOND);
	}

}
