package dz.flexy.gateway.budget;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Times are nanoseconds. */
class WaitingTest {

	private final Waiting waiting = new Waiting();

	@Test
	void theFirstOfALaneIsNext() {
		Waiter first = add(Lane.LOOKUP, 0);
		Waiter second = add(Lane.LOOKUP, 0);
		add(Lane.SEND, 0);

		assertThat(this.waiting.counts()).isEqualTo(Map.of(Lane.SEND, 1, Lane.LOOKUP, 2));
		assertThat(this.waiting.poll(Lane.LOOKUP, 1)).isSameAs(first);
		assertThat(this.waiting.poll(Lane.LOOKUP, 1)).isSameAs(second);
		assertThat(this.waiting.counts()).isEqualTo(Map.of(Lane.SEND, 1));
	}

	@Test
	void whatALaneDoesNotNeedIsTheFirstOthers() {
		Waiter lookup = add(Lane.LOOKUP, 0);
		Waiter settle = add(Lane.SETTLE, 0);
		this.waiting.remove(Lane.SEND, lookup);

		assertThat(this.waiting.poll(Lane.SEND, 1)).isSameAs(settle);
		assertThat(this.waiting.poll(Lane.SEND, 1)).isSameAs(lookup);
		assertThat(this.waiting.poll(Lane.SEND, 1)).isNull();
	}

	@Test
	void whoeverWaitsInAnEarlierLaneGoesAhead() {
		add(Lane.SEND, 0);
		add(Lane.TRACK, 0);
		Waiter left = add(Lane.TRACK, 0);
		add(Lane.REFRESH, 0);
		this.waiting.remove(Lane.TRACK, left);

		assertThat(this.waiting.ahead(Lane.SEND)).isEqualTo(1);
		assertThat(this.waiting.ahead(Lane.TRACK)).isEqualTo(2);
		assertThat(this.waiting.ahead(Lane.REFRESH)).isEqualTo(3);
		assertThat(this.waiting.clear()).hasSize(3);
		assertThat(this.waiting.counts()).isEmpty();
	}

	@Test
	void aLaneIsMeasuredByHowItHasMoved() {
		assertThat(this.waiting.measured(Lane.LOOKUP, 1_000)).isZero();
		add(Lane.LOOKUP, 1_000);
		add(Lane.LOOKUP, 1_500);
		add(Lane.LOOKUP, 1_500);
		add(Lane.LOOKUP, 1_500);

		this.waiting.poll(Lane.LOOKUP, 1_800);
		assertThat(this.waiting.measured(Lane.LOOKUP, 1_800)).isEqualTo(800 * 4);
		this.waiting.poll(Lane.LOOKUP, 2_200);
		assertThat(this.waiting.measured(Lane.LOOKUP, 2_200)).isEqualTo((800 * 3 + 400) / 4 * 3);
		assertThat(this.waiting.measured(Lane.LOOKUP, 3_200)).isEqualTo(1_000 * 3);
	}

	@Test
	void aPauseSaysNothingOfThePace() {
		add(Lane.LOOKUP, 1_000);
		add(Lane.TRACK, 1_000);

		this.waiting.pauseUntil(2_000);
		assertThat(this.waiting.measured(Lane.LOOKUP, 2_100)).isEqualTo(100 * 2);
		this.waiting.pauseUntil(Lane.TRACK, 2_050);
		assertThat(this.waiting.measured(Lane.TRACK, 2_100)).isEqualTo(50 * 2);
		assertThat(this.waiting.measured(Lane.LOOKUP, 2_100)).isEqualTo(100 * 2);
	}

	private Waiter add(Lane lane, long now) {
		AtomicReference<Waiter> waiter = new AtomicReference<>();
		Mono.<Permit>create((sink) -> waiter.set(new Waiter(sink))).subscribe();
		this.waiting.add(lane, waiter.get(), now);
		return waiter.get();
	}

}
