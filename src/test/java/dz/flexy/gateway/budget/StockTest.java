package dz.flexy.gateway.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StockTest {

	private static final long HALF_A_SECOND = 500_000_000;

	private final Stock stock = new Stock();

	private final AtomicLong now = new AtomicLong();

	private final List<Permit> over = new ArrayList<>();

	@Test
	void isTwiceWhatWasTakenSinceTheLastExchange() {
		add(6);
		take(Lane.LOOKUP, 3);

		assertThat(this.stock.wanted(100)).containsExactlyEntriesOf(Map.of(Lane.LOOKUP, 3));
		assertThat(this.stock.wanted(100)).isEmpty();
	}

	@Test
	void isTwiceWhatEachLaneTook() {
		add(4);
		take(Lane.SEND, 1);
		take(Lane.LOOKUP, 3);

		assertThat(this.stock.wanted(100)).containsExactlyInAnyOrderEntriesOf(Map.of(Lane.SEND, 2, Lane.LOOKUP, 6));
	}

	@Test
	void isNoMoreThanALaneMayHave() {
		add(9);
		take(Lane.LOOKUP, 9);

		assertThat(this.stock.wanted(5)).containsExactlyEntriesOf(Map.of(Lane.LOOKUP, 5));
	}

	@Test
	void isNothingWhereNobodyIsToHaveAny() {
		add(1);
		take(Lane.SEND, 1);

		assertThat(this.stock.wanted(0)).isEmpty();
		assertThat(this.stock.isLow()).isFalse();
	}

	@Test
	void isLowWhenHalfIsGone() {
		IntStream.range(0, 2).forEach((i) -> this.stock.taken(Lane.LOOKUP));
		this.stock.wanted(100);
		add(4);

		take(Lane.LOOKUP, 1);
		assertThat(this.stock.isLow()).isFalse();

		take(Lane.LOOKUP, 1);
		assertThat(this.stock.isLow()).isTrue();
	}

	@Test
	void givesNoneThatRunsOutSoon() {
		add(1);
		this.now.set(HALF_A_SECOND);
		Permit valid = add(1).getFirst();

		assertThat(this.stock.take(Lane.SEND)).isSameAs(valid);
		assertThat(this.over).hasSize(1).doesNotContain(valid);
		assertThat(this.stock.take(Lane.SEND)).isNull();
	}

	@Test
	void wantsNothingAfterAStop() {
		add(1);
		take(Lane.SEND, 1);

		this.stock.forget();

		assertThat(this.stock.wanted(100)).isEmpty();
	}

	private List<Permit> add(int count) {
		List<Permit> permits = IntStream.range(0, count)
			.mapToObj((i) -> new Permit(1, this.now.get() + 2 * HALF_A_SECOND, this.now::get, this.over::add))
			.toList();
		permits.forEach(this.stock::add);
		return permits;
	}

	private void take(Lane lane, int count) {
		IntStream.range(0, count).forEach((i) -> assertThat(this.stock.take(lane)).isNotNull());
	}

}
