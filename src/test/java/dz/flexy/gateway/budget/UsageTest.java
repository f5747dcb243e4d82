package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

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
	void aChargeIsTakenBackOnce() {
		long charge = this.usage.exchange(wants(), RATE, HOUR).charge();

		this.usage.exchange(unused(charge), RATE, HOUR + SECOND);
		this.usage.exchange(unused(charge), RATE, HOUR + SECOND);

		assertThat(this.usage.charges()).isEmpty();
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
