package dz.flexy.gateway.catalog;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static dz.flexy.gateway.catalog.Samples.ACCOUNT;
import static dz.flexy.gateway.catalog.Samples.MAIN;
import static dz.flexy.gateway.catalog.Samples.card;
import static dz.flexy.gateway.catalog.Samples.dzd;
import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class CatalogOfferTest {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private final SettableClock clock = new SettableClock();

	private final FakeSource source = new FakeSource();

	private final Catalog catalog = new Catalog(new ProductLists(this.source, this.clock),
			new PlanLists(this.source, this.clock), new GiftProducts(this.source, this.clock),
			new Numbers(this.source, new FakeMemory(), this.clock));

	@Test
	void readsTheListOnceForPriceAndStock() {
		this.source.sells(card("500", "490.5", true));

		assertThat(offer("500").cost()).contains(dzd("490.5"));
		assertThat(offer("500.00").refusal()).isEmpty();
		assertThat(this.source.listReads).isEqualTo(1);
	}

	@Test
	void refusesWhatARecentListDoesNotHave() {
		this.source.sells(card("500", "490", true));

		Problem problem = offer("700").refusal().orElseThrow();

		assertThat(problem.code()).isEqualTo("ERR_VALIDATION");
		assertThat(problem.details()).containsEntry("field", "value")
			.containsEntry("value", dzd("700"))
			.containsEntry("moneyMayHaveMoved", false)
			.containsEntry("retrySafe", true);
	}

	@Test
	void refusesWhatIsSoldOutAndStillTellsThePrice() {
		this.source.sells(card("500", "490", false));

		Offer offer = offer("500");

		assertThat(offer.refusal()).map(Problem::code).contains("ERR_STOCK");
		assertThat(offer.cost()).contains(dzd("490"));
	}

	@Test
	void refusesByAListOfThirtySecondsWithoutReading() {
		this.source.sells(card("500", "490", false));
		offer("500");
		this.source.fails();

		this.clock.advance(Duration.ofSeconds(30));

		assertThat(offer("500").refusal()).isPresent();
		assertThat(this.source.listReads).isEqualTo(1);
	}

	@Test
	void readsAnOlderListAnewBeforeRefusing() {
		this.source.sells(card("500", "490", false));
		offer("500");

		this.clock.advance(Duration.ofSeconds(30).plusNanos(1));
		this.source.sells(card("500", "480", true));
		Offer offer = offer("500");

		assertThat(offer).isEqualTo(new Offer(Optional.of(dzd("480")), Optional.empty()));
		assertThat(this.source.listReads).isEqualTo(2);
	}

	@Test
	void anOlderListThatCannotBeReadAnewRefusesNothing() {
		this.source.sells(card("500", "490", false));
		offer("500");
		this.source.fails();

		this.clock.advance(Duration.ofSeconds(31));

		assertThat(offer("500")).isEqualTo(new Offer(Optional.of(dzd("490")), Optional.empty()));
	}

	@Test
	void anEmptyListRefusesNothing() {
		this.source.sells();

		assertThat(offer("500")).isEqualTo(Offer.UNKNOWN);
		assertThat(this.catalog.refusal(MAIN, "ADSL", dzd("500"))).isEmpty();
	}

	@Test
	void aStalePriceIsGivenForAnHourWhileTheUpstreamFails() {
		this.source.sells(card("500", "490", true));
		offer("500");
		this.source.fails();

		this.clock.advance(Duration.ofHours(1));
		assertThat(offer("500").cost()).contains(dzd("490"));

		this.clock.advance(Duration.ofNanos(1));
		assertThat(offer("500")).isEqualTo(Offer.UNKNOWN);
	}

	@Test
	void knowsNothingWhenTheFirstReadFails() {
		assertThat(offer("500")).isEqualTo(Offer.UNKNOWN);
	}

	@Test
	void waitsTwoSecondsForTheFirstReadAndNoLonger() {
		this.source.products = Mono.never();

		StepVerifier.withVirtualTime(() -> this.catalog.offer(ACCOUNT, "ADSL", dzd("500")))
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(2).minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.expectNext(Offer.UNKNOWN)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aStockRefusalMakesTheNextOfferReadAnew() {
		this.source.sells(card("500", "490", true));
		offer("500");

		this.clock.advance(Duration.ofSeconds(1));
		this.catalog.stockRefused(MAIN, "ADSL");
		this.source.sells(card("500", "490", false));

		assertThat(offer("500").refusal()).isPresent();
	}

	@Test
	void aStockRefusalTouchesNoOtherType() {
		this.source.sells(card("500", "490", true));
		offer("500");

		this.clock.advance(Duration.ofSeconds(1));
		this.catalog.stockRefused(MAIN, "4G");
		offer("500");

		assertThat(this.source.listReads).isEqualTo(1);
	}

	@Test
	void aDoubtedListThatCannotBeReadAnewStillTellsThePrice() {
		this.source.sells(card("500", "490", true));
		offer("500");
		this.source.fails();

		this.clock.advance(Duration.ofSeconds(1));
		this.catalog.stockRefused(MAIN, "ADSL");

		assertThat(offer("500")).isEqualTo(new Offer(Optional.of(dzd("490")), Optional.empty()));
	}

	@Test
	void refusesAtOnceOnlyByAListAtMostThirtySecondsOld() {
		assertThat(refusal("500")).isEmpty();
		this.source.sells(card("500", "490", false));
		offer("500");

		this.clock.advance(Duration.ofSeconds(30));
		assertThat(refusal("500")).map(Problem::code).contains("ERR_STOCK");
		assertThat(refusal("700")).map(Problem::code).contains("ERR_VALIDATION");

		this.clock.advance(Duration.ofNanos(1));
		assertThat(refusal("500")).isEmpty();
		assertThat(this.source.listReads).isEqualTo(1);
	}

	@Test
	void refusesNothingAtOnceByADoubtedList() {
		this.source.sells(card("500", "490", false));
		offer("500");

		this.clock.advance(Duration.ofSeconds(1));
		this.catalog.stockRefused(MAIN, "ADSL");

		assertThat(refusal("500")).isEmpty();
	}

	private Optional<Problem> refusal(String value) {
		return this.catalog.refusal(MAIN, "ADSL", dzd(value));
	}

	private Offer offer(String value) {
		return this.catalog.offer(ACCOUNT, "ADSL", dzd(value)).blockOptional(LIMIT).orElseThrow();
	}

}
