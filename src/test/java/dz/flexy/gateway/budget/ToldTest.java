package dz.flexy.gateway.budget;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Windows of ten microseconds that end at second 1, 2, ... of the upstream's. */
class ToldTest {

	private static final Told FIRST = Told.NOTHING.heard(told(100, 40, 1, 10), 5, 5, 3);

	@Test
	void whatIsLeftIsLessWhatMayNotBeCountedYet() {
		assertThat(FIRST).isEqualTo(new Told(100, 1, 37, 15));
	}

	@Test
	void withinAWindowItOnlyFalls() {
		assertThat(FIRST.heard(told(100, 60, 1, 9), 6, 6, 0)).isEqualTo(FIRST);
		assertThat(FIRST.heard(told(90, 30, 1, 9), 6, 6, 1)).isEqualTo(new Told(90, 1, 29, 15));
		assertThat(FIRST.heard(told(200, 36, 1, 11), 6, 6, 0)).isEqualTo(new Told(100, 1, 36, 17));
	}

	@Test
	void theNextWindowBeginsAnew() {
		assertThat(FIRST.heard(told(110, 109, 2, 10), 15, 15, 1)).isEqualTo(new Told(110, 2, 108, 25));
		assertThat(FIRST.heard(told(110, 109, 2, 20), 6, 6, 1)).isEqualTo(new Told(110, 2, 108, 26));
	}

	@Test
	void anAnswerOfAnEarlierWindowChangesNothingThatHolds() {
		Told second = FIRST.heard(told(100, 99, 2, 10), 15, 15, 0);

		assertThat(second.heard(told(100, 1, 1, 10), 16, 16, 0)).isEqualTo(second);
		assertThat(second.heard(told(100, 1, 1, 10), 25, 25, 0)).isEqualTo(new Told(100, 1, 1, 35));
	}

	/** The same name of a window that is over is another window's, by a wrong clock. */
	@Test
	void aWindowThatIsOverHoldsNothingBack() {
		assertThat(FIRST.heard(told(100, 99, 1, 10), 15, 15, 0)).isEqualTo(new Told(100, 1, 99, 25));
	}

	@Test
	void anAnswerWithoutAWindowOrOfOneThatHasEndedSaysNothing() {
		assertThat(FIRST.heard(told(10, 1, 0, 10), 6, 6, 0)).isEqualTo(FIRST);
		assertThat(FIRST.heard(told(10, 1, 2, 5), 6, 11, 0)).isEqualTo(FIRST);
		assertThat(FIRST.heard(told(10, 1, 2, 5), 6, 10, 0)).isEqualTo(new Told(10, 2, 1, 11));
	}

	@Test
	void whatIsNotToldStaysAsItWas() {
		assertThat(FIRST.heard(told(0, -1, 1, 10), 5, 6, 3)).isEqualTo(FIRST);
		assertThat(FIRST.heard(told(0, -1, 2, 10), 15, 15, 3)).isEqualTo(new Told(100, 2, Integer.MAX_VALUE, 25));
		assertThat(FIRST.heard(told(0, 0, 2, 10), 15, 15, 0)).isEqualTo(new Told(100, 2, 0, 25));
	}

	@Test
	void aLoweredLimitHoldsForAWindowMore() {
		assertThat(FIRST.at(25, 10)).isEqualTo(FIRST);
		assertThat(FIRST.at(26, 10)).isEqualTo(Told.NOTHING);
	}

	@Test
	void callsAreTakenAndGivenBack() {
		assertThat(FIRST.minus(2).left()).isEqualTo(35);
		assertThat(FIRST.plus(1).left()).isEqualTo(38);
		assertThat(Told.NOTHING.minus(1)).isEqualTo(Told.NOTHING);
		assertThat(FIRST.shifted(-5)).isEqualTo(new Told(100, 1, 37, 10));
	}

	@Test
	void whoWouldLeaveTooFewWaitsForTheEnd() {
		assertThat(FIRST.room(36, 1, -30)).isZero();
		assertThat(FIRST.room(37, 0, 14)).isEqualTo(15);
		assertThat(FIRST.room(37, 0, 15)).isZero();
		assertThat(FIRST.minus(37).room(0, 100, 14)).isEqualTo(15);
		assertThat(FIRST.minus(40).room(0, 100, 14)).isEqualTo(15);
	}

	/** Of 37 calls that take a step of two each, one is too many 74 before the end. */
	@Test
	void whatCannotBeUsedUntilTheEndIsKeptForNobody() {
		assertThat(FIRST.room(40, 2, 15 - 75)).isEqualTo(15 - 74);
		assertThat(FIRST.room(40, 2, 15 - 74)).isZero();
		assertThat(FIRST.room(40, 2, 14)).isZero();
	}

	private static Heard told(int limit, int remaining, long reset, long endsIn) {
		return new Heard(limit, remaining, reset, endsIn, 0, 0);
	}

}
