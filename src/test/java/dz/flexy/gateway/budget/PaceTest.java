package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.List;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTest {

	private static final long WINDOW = Duration.ofSeconds(60).toNanos();

	@Property
	void noWindowSeesMoreThanTheLimit(@ForAll @IntRange(min = 1, max = 200) int limit,
			@ForAll @LongRange(min = 1000, max = 600_000) long millis, @ForAll("steps") List<Step> steps) {
		Duration window = Duration.ofMillis(millis);
		Usage usage = new Usage(Pace.of(limit, window, 0));

		steps.forEach((step) -> step.play(usage, window));

		List<Long> used = usage.used();
		for (int i = 0; i + limit < used.size(); i++) {
			assertThat(used.get(i + limit) - used.get(i)).isGreaterThanOrEqualTo(window.toNanos());
		}
	}

	@Property
	void neverGoesBeyondWhatTheUpstreamLeaves(@ForAll @IntRange(max = 20) int before,
			@ForAll @IntRange(max = 120) int remaining, @ForAll @IntRange(max = 20) int returned) {
		Usage usage = new Usage(Pace.of(120, Duration.ofSeconds(60), 0));
		usage.take(before);
		long until = usage.now() + WINDOW;
		usage.lower(remaining, until);
		usage.giveBack(returned);
		int told = usage.used().size();

		usage.takeUntil(until);

		assertThat(usage.used().size() - told).isLessThanOrEqualTo(remaining);
	}

	@Property
	void whatTheUpstreamSaysOnlyDelays(@ForAll @IntRange(max = 60) int before,
			@ForAll @IntRange(max = 1000) int remaining, @ForAll @LongRange(max = 120) long seconds) {
		Usage usage = new Usage(Pace.of(120, Duration.ofSeconds(60), 0));
		usage.take(before);
		long now = usage.now();

		Pace lowered = usage.pace().lowered(remaining, now + Duration.ofSeconds(seconds).toNanos(), now);

		assertThat(lowered.next(now)).isGreaterThanOrEqualTo(usage.pace().next(now));
	}

	@Example
	void takesABurstOfTenAndThenEvenSteps() {
		Usage usage = new Usage(Pace.of(120, Duration.ofSeconds(60), 0));

		usage.take(12);

		long spacing = WINDOW / 110;
		assertThat(usage.used().subList(0, 10)).containsOnly(0L);
		assertThat(usage.used().subList(10, 12)).containsExactly(spacing, 2 * spacing);
	}

	@Example
	void aLaterHighRemainderDoesNotRaiseALowOne() {
		Usage usage = new Usage(Pace.of(120, Duration.ofSeconds(60), 0));
		usage.lower(1, WINDOW);
		usage.lower(100, WINDOW);

		usage.take(2);

		assertThat(usage.used()).containsExactly(0L, WINDOW);
	}

	@Example
	void whatWasLeftOfOneWindowDoesNotStarveTheNext() {
		long shortlyBefore = WINDOW - Duration.ofMillis(500).toNanos();
		Pace pace = Pace.of(120, Duration.ofSeconds(60), 0)
			.lowered(1, WINDOW, shortlyBefore)
			.taken(shortlyBefore)
			.lowered(119, 2 * WINDOW, shortlyBefore);

		assertThat(pace.next(shortlyBefore)).isEqualTo(WINDOW);
		assertThat(pace.taken(WINDOW).next(WINDOW)).isEqualTo(WINDOW);
	}

	@Example
	void aShortRestDoesNotLastToTheEndOfTheWindow() {
		Pace pace = Pace.of(120, Duration.ofSeconds(60), 0).lowered(100, WINDOW, 0).resting(1000);

		assertThat(pace.next(0)).isEqualTo(1000);
		assertThat(pace.next(1000)).isEqualTo(1000);
	}

	@Example
	void nothingRemainingRestsToTheEndOfTheWindow() {
		Pace pace = Pace.of(120, Duration.ofSeconds(60), 0).lowered(0, WINDOW, 0);

		assertThat(pace.next(0)).isEqualTo(WINDOW);
		assertThat(pace.next(WINDOW - 1)).isEqualTo(WINDOW);
		assertThat(pace.next(WINDOW)).isEqualTo(WINDOW);
	}

	@Example
	void goesOnAtTheFullRateAfterwards() {
		Usage usage = new Usage(Pace.of(120, Duration.ofSeconds(60), 0));
		usage.lower(0, WINDOW);

		usage.take(120);

		assertThat(usage.used().getFirst()).isEqualTo(WINDOW);
		assertThat(usage.used().getLast()).isLessThanOrEqualTo(2 * WINDOW);
	}

	@Example
	void aPermitReturnedLateDoesNotDoubleTheBurst() {
		Usage usage = new Usage(Pace.of(12, Duration.ofSeconds(10), 0));
		usage.take(2);
		usage.pass(Duration.ofMillis(1900).toNanos());
		usage.take(1);

		usage.giveBack(0);
		usage.giveBack(0);
		usage.takeUntil(usage.now());

		assertThat(usage.used()).hasSize(2);
	}

	@Example
	void aPermitReturnedAtOnceIsThereAgain() {
		Usage usage = new Usage(Pace.of(12, Duration.ofSeconds(10), 0));
		usage.take(2);

		usage.giveBack(0);
		usage.take(1);

		assertThat(usage.used()).containsExactly(0L, 0L);
	}

	@Provide
	Arbitrary<List<Step>> steps() {
		Arbitrary<Step> step = Combinators
			.combine(Arbitraries.of(Kind.class), Arbitraries.integers().between(0, 30),
					Arbitraries.doubles().between(0, 1.2))
			.as(Step::new);
		return step.list().ofMaxSize(40);
	}

	private enum Kind {

		TAKE, RETURN, LOWER, PASS

	}

	/**
	 * One thing that happens to a pace.
	 *
	 * @param count how many, or which
	 * @param share of the window
	 */
	private record Step(Kind kind, int count, double share) {

		void play(Usage usage, Duration window) {
			long time = (long) (window.toNanos() * this.share);
			switch (this.kind) {
				case TAKE -> usage.take(this.count);
				case RETURN -> usage.giveBack(this.count);
				case LOWER -> usage.lower(this.count, usage.now() + time);
				case PASS -> usage.pass(time);
			}
		}

	}

}
