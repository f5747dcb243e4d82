package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a replica tells the shared row, and what it tells again when that is in doubt. */
class BatchTest {

	private static final long BEGUN = Duration.ofSeconds(10).toNanos();

	private final Permit used = permit(1);

	private final Permit unused = permit(2);

	private final Permit ongoing = permit(3);

	private final Heard heard = new Heard(100, 90, 1, 2, 0, 0);

	private final Batch batch;

	BatchTest() {
		this.used.begin();
		this.used.close();
		this.unused.close();
		this.ongoing.begin();
		this.batch = new Batch(List.of(new Batch.Over(this.used, BEGUN + 5_000), new Batch.Over(this.unused, BEGUN)),
				List.of(this.ongoing), List.of(new Batch.Answered(this.heard, BEGUN - 7_000)), Map.of(Lane.SEND, 1),
				BEGUN);
	}

	@Test
	void tellsWhatBecameOfEachPermitAndHowLongAgo() {
		assertThat(this.batch.report()).isEqualTo(new Report(List.of(2L), List.of(new Report.Finished(1, -5)),
				List.of(3L), List.of(this.heard.aged(7)), Map.of(Lane.SEND, 1)));
		assertThat(this.batch.isEmpty()).isFalse();
		assertThat(new Batch(List.of(), List.of(), List.of(), Map.of(), BEGUN).isEmpty()).isTrue();
	}

	/** Else a call that was taken back twice would be another's. */
	@Test
	void inDoubtNothingIsTakenBackASecondTime() {
		List<Batch.Over> again = this.batch.inDoubt();

		assertThat(again).extracting(Batch.Over::permit).containsExactly(this.used);
		assertThat(this.used.charge()).isZero();
		assertThat(this.ongoing.charge()).isZero();
	}

	private static Permit permit(long charge) {
		return new Permit(charge, 1_000, () -> 0, (over) -> {
		});
	}

}
