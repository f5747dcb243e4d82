package dz.flexy.gateway.catalog;

import java.time.Duration;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static dz.flexy.gateway.catalog.Samples.MAIN;
import static dz.flexy.gateway.catalog.Samples.card;
import static org.assertj.core.api.Assertions.assertThat;

class ProductListsTest {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private static final ListKey KEY = new ListKey(MAIN, "ADSL");

	private final SettableClock clock = new SettableClock();

	private final FakeSource source = new FakeSource();

	private final ProductLists lists = new ProductLists(this.source, this.clock);

	@Test
	void aListOfFiveMinutesIsShownWithoutReading() {
		shown("490");

		this.clock.advance(Duration.ofMinutes(5));

		assertThat(cost()).isEqualTo("490");
		assertThat(this.source.listReads).isEqualTo(1);
	}

	@Test
	void anOlderListIsShownOnceMoreAndRefreshed() {
		shown("490");
		this.source.sells(card("500", "480", true));

		this.clock.advance(Duration.ofMinutes(5).plusNanos(1));

		assertThat(cost()).isEqualTo("490");
		assertThat(cost()).isEqualTo("480");
		assertThat(this.source.listReads).isEqualTo(2);
	}

	@Test
	void aListIsShownForAnHourWhileTheUpstreamFails() {
		shown("490");
		this.source.fails();

		this.clock.advance(Duration.ofHours(1));
		assertThat(cost()).isEqualTo("490");

		this.clock.advance(Duration.ofNanos(1));
		fails();
	}

	@Test
	void aDoubtedListIsReadAnewBeforeItIsShown() {
		shown("490");
		this.source.sells(card("500", "480", true));

		this.clock.advance(Duration.ofNanos(1));
		this.lists.doubt(KEY);

		assertThat(cost()).isEqualTo("480");
	}

	@Test
	void aDoubtedListIsShownForAnHourWhileTheUpstreamFails() {
		shown("490");
		this.source.fails();
		this.clock.advance(Duration.ofNanos(1));
		this.lists.doubt(KEY);

		assertThat(cost()).isEqualTo("490");

		this.clock.advance(Duration.ofHours(1));
		fails();
	}

	@Test
	void eachTypeHasItsOwnList() {
		shown("490");

		assertThat(this.lists.recentlyKnown(new ListKey(MAIN, "4G"))).isEmpty();
	}

	private void shown(String cost) {
		this.source.sells(card("500", cost, true));
		cost();
	}

	private void fails() {
		StepVerifier.create(this.lists.shown(KEY)).expectErrorMessage("upstream fails").verify(LIMIT);
	}

	private String cost() {
		return Mono.defer(() -> this.lists.shown(KEY))
			.map((list) -> list.products().getFirst().cost().toPlainString())
			.blockOptional(LIMIT)
			.orElseThrow();
	}

}
