package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Times are microseconds since an hour after 1970. */
class UsageTest {

	private static final Rate RATE = Rate.of(120, Duration.ofSeconds(60));

	private static final long HOUR = 3_600_000_000L;

	private static final long SECOND = 1_000_000;

	private final Usage usage = Usage.none();

	@Test
	void aClockThatWasAnHourAheadHoldsNothingUp() {
		take(HOUR);
		take(2 * HOUR);

		assertThat(take(HOUR + 5 * SECOND)).isEqualTo(1);
		assertThat(this.usage.charges().keySet()).allMatch((at) -> at < HOUR + 10 * SECOND);
	}

	@Test
	void aClockThatGoesBackALittleIsNotFollowed() {
		take(HOUR + 5 * SECOND);

		take(HOUR);

		assertThat(this.usage.at()).isEqualTo(HOUR + 5 * SECOND);
	}

	@Test
	void aLimitThatWasLoweredIsForgottenAWindowAfterItsOwn() {
		hear(HOUR, 1_000, new Heard(10, 10, 1_761_698_219, 30 * SECOND, 0, 0));

		assertThat(rate(HOUR + 90 * SECOND)).isEqualTo(10);
		assertThat(rate(HOUR + 91 * SECOND)).isEqualTo(120);
	}

	@Test
	void aHigherLimitThanConfiguredIsNotBelieved() {
		hear(HOUR, 1_000, new Heard(1_000, 900, 1_761_698_219, 30 * SECOND, 0, 0));

		assertThat(rate(HOUR)).isEqualTo(120);
	}

	@Test
	void aLookTellsWhatIsUsedAndTakesNothing() {
		take(HOUR);

		Look look = this.usage.look(RATE, HOUR + SECOND);

		assertThat(look.used()).isEqualTo(1);
		assertThat(look.left()).isEqualTo(119);
		assertThat(look.ends()).isBetween(HOUR + 60 * SECOND, HOUR + 64 * SECOND);
		assertThat(look.blockedUntil()).isZero();
		assertThat(this.usage.charges().values()).containsExactly(1);
	}

	@Test
	void aLookBelievesTheUpstreamsWindow() {
		hear(HOUR, 1_000, new Heard(120, 7, 1_761_698_219, 30 * SECOND, 20 * SECOND, 0));

		Look look = this.usage.look(RATE, HOUR + SECOND);

		assertThat(look.left()).isLessThanOrEqualTo(7);
		assertThat(look.ends()).isBetween(HOUR + 29 * SECOND, HOUR + 31 * SECOND);
		assertThat(look.blockedUntil()).isBetween(HOUR + 19 * SECOND, HOUR + 21 * SECOND);
	}

	@Test
	void aChargeIsTakenBackOnce() {
		long charge = this.usage.exchange(wants(), RATE, HOUR).charge();

		this.usage.exchange(unused(charge), RATE, HOUR + SECOND);
		this.usage.exchange(unused(charge), RATE, HOUR + SECOND);

		assertThat(this.usage.charges()).isEmpty();
	}

	@Test
	void aClockThatWasAnHourAheadForgetsNothing() {
		take(2 * HOUR);
		hear(2 * HOUR, 0, new Heard(100, 40, 1_761_698_219, 30 * SECOND, 20 * SECOND, 0));
		this.usage.exchange(new Report(List.of(), List.of(), List.of(), List.of(), Map.of(Lane.TRACK, 1)), RATE,
				2 * HOUR + 25 * SECOND);
		long pace = this.usage.paceDue();
		long track = this.usage.lanesDue().get(Lane.TRACK);

		Grant grant = this.usage.exchange(nothing(), RATE, HOUR + 5 * SECOND);

		long back = HOUR - 5 * SECOND + 25 * SECOND;
		assertThat(this.usage.charges().values()).containsExactly(1, 1);
		assertThat(this.usage.charges().lastKey()).isBetween(HOUR + 7 * SECOND, HOUR + 8 * SECOND);
		assertThat(this.usage.paceDue()).isEqualTo(pace - back);
		assertThat(this.usage.lanesDue().get(Lane.TRACK)).isEqualTo(track - back);
		assertThat(this.usage.blockedUntil()).isEqualTo(HOUR);
		assertThat(this.usage.told().until()).isEqualTo(HOUR + 10 * SECOND);
		assertThat(this.usage.at()).isEqualTo(HOUR + 5 * SECOND);
		assertThat(grant.blockedFor()).isZero();
	}

	@Test
	void theLastOfAWindowAreForSends() {
		assertThat(granted(used(119), Lane.SEND)).isOne();
		assertThat(granted(used(120), Lane.SEND)).isZero();
		assertThat(granted(used(115), Lane.SETTLE)).isOne();
		assertThat(granted(used(116), Lane.SETTLE)).isZero();
		assertThat(granted(used(115), Lane.TRACK)).isOne();
		assertThat(granted(used(116), Lane.TRACK)).isZero();
		assertThat(granted(used(109), Lane.LOOKUP)).isOne();
		assertThat(granted(used(110), Lane.LOOKUP)).isZero();
	}

	/** As many come back as sends could use. */
	@Test
	void lookupsLeaveOneMoreThanSettlesWhileCallsComeBackAtThePace() {
		assertThat(granted(pacedUntil(114, HOUR + SECOND), Lane.LOOKUP)).isOne();
		assertThat(granted(pacedUntil(115, HOUR + SECOND), Lane.LOOKUP)).isZero();
	}

	/** None for four seconds, then as many as are made; or for one. */
	@Test
	void lookupsLeaveMoreBeforeATimeInWhichNoneComeBack() {
		assertThat(granted(pacedUntil(109, HOUR + 5 * SECOND), Lane.LOOKUP)).isOne();
		assertThat(granted(pacedUntil(110, HOUR + 5 * SECOND), Lane.LOOKUP)).isZero();
		assertThat(granted(pacedUntil(110, HOUR + 2 * SECOND), Lane.LOOKUP)).isOne();
	}

	/** A step takes 0.517 s. */
	@ParameterizedTest
	@CsvSource({ "SEND, 1, 59, 1", "SEND, 0, 1, 0", "SETTLE, 5, 59, 1", "SETTLE, 4, 3, 0", "SETTLE, 4, 2, 1",
			"LOOKUP, 11, 59, 1", "LOOKUP, 10, 59, 0", "LOOKUP, 10, 6, 0", "LOOKUP, 10, 5, 1", "LOOKUP, 1, 1, 0" })
	void theUpstreamsLastOfAWindowAreForSendsWhileTheyCanStillBeUsed(Lane lane, int left, int seconds, int granted) {
		Usage told = borrowing(Map.of(), new Told(120, 1_761_698_219, left, HOUR + (1 + seconds) * SECOND));

		assertThat(granted(told, lane)).isEqualTo(granted);
	}

	@Test
	void theShareOfALaneMayBeTheLastOfAWindow() {
		Usage told = new Usage(Map.of(HOUR, 119), 0, Map.of(), 0, true,
				new Told(120, 1_761_698_219, 1, HOUR + 59 * SECOND), HOUR);

		assertThat(granted(told, Lane.LOOKUP)).isOne();
	}

	/** The oldest half leaves the window first. */
	@Test
	void aFullWindowHasRoomWhenItsOldestCallsLeaveIt() {
		Usage full = new Usage(Map.of(HOUR, 60, HOUR + 30 * SECOND, 60), 0, Map.of(), 0, true, Told.NOTHING,
				HOUR + 31 * SECOND);

		Grant grant = full.exchange(nothing(), RATE, HOUR + 31 * SECOND);

		assertThat(grant.due(Lane.SEND)).isEqualTo(29 * SECOND);
	}

	@Test
	void aLaneThatHasNotHadItsShareGoesBeforeSends() {
		Usage paced = new Usage(Map.of(), HOUR + 3 * 517_241, Map.of(), 0, true, Told.NOTHING, HOUR);

		Grant grant = paced.exchange(
				new Report(List.of(), List.of(), List.of(), List.of(), Map.of(Lane.SEND, 1, Lane.LOOKUP, 1)), RATE,
				HOUR);

		assertThat(grant.permits()).isEqualTo(Map.of(Lane.LOOKUP, 1));
	}

	@Test
	void whatIsGivenBackMayBeUsedAgain() {
		Usage two = new Usage(Map.of(HOUR, 2), HOUR + 10 * SECOND, Map.of(), 0, true,
				new Told(120, 1_761_698_219, 10, HOUR + 30 * SECOND), HOUR);

		two.exchange(unused(HOUR), RATE, HOUR);

		assertThat(two.charges()).isEqualTo(Map.of(HOUR, 1));
		assertThat(two.told().left()).isEqualTo(11);
		assertThat(two.paceDue()).isEqualTo(HOUR + 10 * SECOND - 517_241);
	}

	@Test
	void whatIsNotChargedIsNotGivenBack() {
		Usage two = new Usage(Map.of(HOUR, 2), HOUR + 10 * SECOND, Map.of(), 0, true,
				new Told(120, 1_761_698_219, 10, HOUR + 30 * SECOND), HOUR);

		two.exchange(unused(HOUR + 1), RATE, HOUR);

		assertThat(two.charges()).isEqualTo(Map.of(HOUR, 2));
		assertThat(two.told().left()).isEqualTo(10);
		assertThat(two.paceDue()).isEqualTo(HOUR + 10 * SECOND);
	}

	private static int granted(Usage usage, Lane lane) {
		Grant grant = usage.exchange(new Report(List.of(), List.of(), List.of(), List.of(), Map.of(lane, 1)), RATE,
				HOUR + SECOND);
		return grant.permits().getOrDefault(lane, 0);
	}

	private static Usage used(int calls) {
		return borrowing(Map.of(HOUR, calls), Told.NOTHING);
	}

	/** So many one after the other, the oldest of which comes back then. */
	private static Usage pacedUntil(int calls, long oldestComesBack) {
		return borrowing(
				IntStream.range(0, calls)
					.boxed()
					.collect(Collectors.toMap((i) -> oldestComesBack - 60 * SECOND + i * 517_241 + 1, (i) -> 1)),
				Told.NOTHING);
	}

	/** Every lane has had its share. */
	private static Usage borrowing(Map<Long, Integer> charges, Told told) {
		Map<Lane, Long> due = Arrays.stream(Lane.values())
			.collect(Collectors.toMap(Function.identity(), (lane) -> HOUR + SECOND + 1));
		return new Usage(charges, 0, due, 0, true, told, HOUR);
	}

	private static Report nothing() {
		return new Report(List.of(), List.of(), List.of(), List.of(), Map.of());
	}

	private int take(long now) {
		Grant grant = this.usage.exchange(wants(), RATE, now);
		this.usage.exchange(new Report(List.of(), List.of(new Report.Finished(grant.charge(), 0)), List.of(),
				List.of(new Heard(0, -1, 0, 0, 0, 0)), Map.of()), RATE, now);
		return grant.permits().values().stream().mapToInt(Integer::intValue).sum();
	}

	private void hear(long now, long later, Heard heard) {
		this.usage.exchange(new Report(List.of(), List.of(), List.of(), List.of(heard), Map.of()), RATE, now);
		this.usage.exchange(new Report(List.of(), List.of(), List.of(), List.of(), Map.of()), RATE, now + later);
	}

	private int rate(long now) {
		return this.usage.exchange(new Report(List.of(), List.of(), List.of(), List.of(), Map.of()), RATE, now)
			.rate()
			.limit();
	}

	private static Report wants() {
		return new Report(List.of(), List.of(), List.of(), List.of(), Map.of(Lane.SEND, 1));
	}

	private static Report unused(long charge) {
		return new Report(List.of(charge), List.of(), List.of(), List.of(), Map.of());
	}

}
