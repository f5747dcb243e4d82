package dz.flexy.gateway.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.GiftProduct;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

import static dz.flexy.gateway.catalog.Samples.ACCOUNT;
import static dz.flexy.gateway.catalog.Samples.DOWN;
import static dz.flexy.gateway.catalog.Samples.MAIN;
import static dz.flexy.gateway.catalog.Samples.NO_SUCH_CARD;
import static dz.flexy.gateway.catalog.Samples.dzd;
import static dz.flexy.gateway.catalog.Samples.type;
import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class GiftOfferTest {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private static final GiftKey PSN = new GiftKey(MAIN, "psn");

	private final SettableClock clock = new SettableClock();

	private final FakeSource source = new FakeSource();

	private final GiftProducts gifts = new GiftProducts(this.source, this.clock);

	private final Catalog catalog = new Catalog(new ProductLists(this.source, this.clock),
			new PlanLists(this.source, this.clock), this.gifts, new Numbers(this.source, new FakeMemory(), this.clock));

	@Test
	void tellsThePriceOfAllCards() {
		this.source.stocks(type("psn-10", "2150.5", "3"));

		assertThat(offer("psn-10", 3)).isEqualTo(known("6451.5"));
		assertThat(offer("psn-10", 1)).isEqualTo(known("2150.5"));
		assertThat(this.source.gifts).containsExactly("!psn");
	}

	@Test
	void refusesMoreThanThereAre() {
		this.source.stocks(type("psn-10", "2150.5", "3"));

		GiftOffer offer = offer("psn-10", 4);

		assertThat(offer.cost()).contains(dzd("8602.0"));
		assertThat(offer.refusal()).hasValueSatisfying((problem) -> {
			assertThat(problem.code()).isEqualTo("ERR_STOCK");
			assertThat(problem.details()).containsEntry("quantity", 4)
				.containsEntry("available", dzd("3"))
				.containsEntry("moneyMayHaveMoved", false)
				.containsEntry("retrySafe", true);
		});
	}

	@Test
	void refusesAnUnknownType() {
		this.source.stocks(type("psn-10", "2150.5", "3"));

		assertThat(offer("psn-20", 1).refusal()).hasValueSatisfying((problem) -> {
			assertThat(problem.code()).isEqualTo("ERR_VALIDATION");
			assertThat(problem.details()).containsEntry("field", "typeId").containsEntry("value", "psn-20");
		});
	}

	@Test
	void refusesAnUnknownProduct() {
		this.source.giftProduct = Mono.just(NO_SUCH_CARD);

		assertThat(offer("psn-10", 1).refusal()).hasValueSatisfying((problem) -> {
			assertThat(problem.code()).isEqualTo("ERR_VALIDATION");
			assertThat(problem.status()).isEqualTo(400);
			assertThat(problem.details()).containsEntry("field", "productId").containsEntry("value", "psn");
		});
	}

	@Test
	void aTestTypeNeedNotBeListed() {
		this.source.stocks(type("psn-10", "2150.5", "3"));

		assertThat(offer("TEST_REFUND", 1)).isEqualTo(GiftOffer.UNKNOWN);
	}

	@Test
	void whatIsNotToldRefusesNothing() {
		this.source.stocks(type("psn-10", null, null));
		assertThat(offer("psn-10", 1_000_000)).isEqualTo(GiftOffer.UNKNOWN);

		later();
		this.source.stocks();
		assertThat(offer("psn-10", 1)).isEqualTo(GiftOffer.UNKNOWN);

		later();
		this.source.giftProduct = Mono.just(new Outcome.Success<>(
				new GiftProduct(List.of(type("psn-20", "1", "1")), false, JsonMapper.shared().createObjectNode()),
				"-"));
		assertThat(offer("psn-10", 1)).isEqualTo(GiftOffer.UNKNOWN);
	}

	@Test
	void aFailureAndAnyOtherRefusalLetItPass() {
		assertThat(offer("psn-10", 1)).isEqualTo(GiftOffer.UNKNOWN);

		this.source.giftProduct = Mono.just(DOWN.retyped());
		assertThat(offer("psn-10", 1)).isEqualTo(GiftOffer.UNKNOWN);

		this.source.giftProduct = refused(ErrorCode.ERR_VALIDATION, 400);
		assertThat(offer("psn-10", 1)).isEqualTo(GiftOffer.UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "..", "a/b", "a%2fb", "a b", "é", "a\n" })
	void anIdThatCanBeNoneIsNotAskedFor(String id) {
		GiftOffer offer = this.catalog.giftOffer(ACCOUNT, id, "psn-10", 1).blockOptional(LIMIT).orElseThrow();

		assertThat(offer.refusal()).map(Problem::code).contains("ERR_VALIDATION");
		assertThat(this.catalog.giftRefusal(MAIN, id, "psn-10", 1)).isPresent();
		assertThat(this.source.gifts).isEmpty();
	}

	@Test
	void anIdHasSixtyFourCharactersAtMost() {
		assertThat(this.catalog.giftRefusal(MAIN, "a".repeat(64), "psn-10", 1)).isEmpty();
		assertThat(this.catalog.giftRefusal(MAIN, "a".repeat(65), "psn-10", 1)).isPresent();
	}

	@Test
	void asksAnewBeforeRefusingByAnOlderAnswer() {
		this.source.stocks(type("psn-10", "2150.5", "0"));
		offer("psn-10", 1);

		this.clock.advance(Duration.ofSeconds(30));
		assertThat(offer("psn-10", 1).refusal()).isPresent();
		assertThat(this.source.gifts).hasSize(1);

		this.clock.advance(Duration.ofNanos(1));
		this.source.stocks(type("psn-10", "2000", "1"));
		assertThat(offer("psn-10", 1)).isEqualTo(known("2000"));
		assertThat(this.source.gifts).hasSize(2);
	}

	@Test
	void anOlderAnswerRefusesNothing() {
		this.source.stocks(type("psn-10", "2150.5", "0"));
		offer("psn-10", 1);
		this.source.fails();

		this.clock.advance(Duration.ofSeconds(31));

		assertThat(offer("psn-10", 1)).isEqualTo(known("2150.5"));
		assertThat(this.catalog.giftRefusal(MAIN, "psn", "psn-10", 1)).isEmpty();
	}

	@Test
	void refusesAtOnceOnlyByAnAnswerAtMostThirtySecondsOld() {
		assertThat(this.catalog.giftRefusal(MAIN, "psn", "psn-10", 1)).isEmpty();
		this.source.stocks(type("psn-10", "2150.5", "0"));
		shown();

		this.clock.advance(Duration.ofSeconds(30));
		assertThat(this.catalog.giftRefusal(MAIN, "psn", "psn-10", 1)).map(Problem::code).contains("ERR_STOCK");

		this.clock.advance(Duration.ofNanos(1));
		assertThat(this.catalog.giftRefusal(MAIN, "psn", "psn-10", 1)).isEmpty();
		assertThat(this.source.gifts).containsExactly("psn");
	}

	@Test
	void aSendUsesWhatALookupHasJustRead() {
		this.source.stocks(type("psn-10", "2150.5", "1"));
		shown();

		this.clock.advance(Duration.ofSeconds(30));
		assertThat(offer("psn-10", 1)).isEqualTo(known("2150.5"));
		assertThat(this.source.gifts).containsExactly("psn");
	}

	/** The lookup began earlier and ends later. */
	@Test
	void theNewerAnswerCounts() {
		Sinks.One<Outcome<GiftProduct>> late = Sinks.one();
		this.source.giftProduct = late.asMono();
		this.gifts.shown(PSN).toFuture();
		this.clock.advance(Duration.ofSeconds(1));
		this.source.stocks(type("psn-10", "2150.5", "1"));
		offer("psn-10", 1);

		late.emitValue(NO_SUCH_CARD, Sinks.EmitFailureHandler.FAIL_FAST);

		assertThat(this.catalog.giftRefusal(MAIN, "psn", "psn-10", 1)).isEmpty();
		assertThat(this.catalog.giftRefusal(MAIN, "psn", "psn-10", 2)).isPresent();
	}

	@Test
	void aSendNeverQueuesBehindALookup() {
		this.source.giftProduct = Mono.never();
		this.gifts.shown(PSN).toFuture();

		this.source.stocks(type("psn-10", "2150.5", "1"));

		assertThat(offer("psn-10", 1)).isEqualTo(known("2150.5"));
	}

	@Test
	void aStockRefusalMakesTheNextOfferAskAnew() {
		this.source.stocks(type("psn-10", "2150.5", "1"));
		shown();
		offer("psn-10", 1);

		this.clock.advance(Duration.ofSeconds(1));
		this.catalog.giftStockRefused(MAIN, "psn");
		this.source.stocks(type("psn-10", "2150.5", "0"));

		assertThat(offer("psn-10", 1).refusal()).isPresent();
		assertThat(this.source.gifts).containsExactly("psn", "!psn");
	}

	@Test
	void waitsTwoSecondsAndNoLonger() {
		this.source.giftProduct = Mono.never();

		StepVerifier.withVirtualTime(() -> this.catalog.giftOffer(ACCOUNT, "psn", "psn-10", 1))
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(2).minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.expectNext(GiftOffer.UNKNOWN)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aRecentOfferIsAskedForAnewOrNotGiven() {
		this.source.stocks(type("psn-10", "2150.5", "1"));
		offer("psn-10", 1);
		this.clock.advance(Duration.ofSeconds(31));
		this.source.fails();

		StepVerifier.create(this.catalog.recentGiftOffer(ACCOUNT, "psn", "psn-10", 1)).expectComplete().verify(LIMIT);

		this.source.stocks(type("psn-10", "2200", "1"));
		StepVerifier.create(this.catalog.recentGiftOffer(ACCOUNT, "psn", "psn-10", 2))
			.expectNextMatches((offer) -> offer.cost().equals(Optional.of(dzd("4400"))) && offer.refusal().isPresent())
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aProductIsShownForAMinuteWithoutReadingAndForAnHourWhileTheUpstreamFails() {
		this.source.stocks(type("psn-10", "2150.5", "1"));
		shown();
		this.clock.advance(Duration.ofSeconds(60));
		shown();
		assertThat(this.source.gifts).hasSize(1);

		this.source.fails();
		this.clock.advance(Duration.ofMinutes(59));
		assertThat(shown()).isInstanceOf(GiftAnswer.Known.class);

		this.clock.advance(Duration.ofNanos(1));
		fails();
	}

	@Test
	void aRefusalIsToldForAMinuteWithoutAskingAndNoLonger() {
		this.source.giftProduct = Mono.just(NO_SUCH_CARD);
		assertThat(shown()).isInstanceOfSatisfying(GiftAnswer.Refused.class, (refused) -> {
			assertThat(refused.problem().code()).isEqualTo("NOT_FOUND");
			assertThat(refused.problem().message()).isEqualTo("Product not found");
			assertThat(refused.problem().details()).containsEntry("productId", "psn")
				.containsEntry("upstreamRequestId", "req-3");
		});
		this.source.fails();
		this.clock.advance(Duration.ofSeconds(60));
		shown();
		assertThat(this.source.gifts).hasSize(1);

		this.clock.advance(Duration.ofNanos(1));
		fails();
	}

	@Test
	void whatSaysNothingOfTheProductIsNotRemembered() {
		this.source.giftProduct = refused(ErrorCode.UPSTREAM_UNAVAILABLE, 503);
		fails();

		this.source.stocks(type("psn-10", "2150.5", "1"));
		assertThat(shown()).isInstanceOf(GiftAnswer.Known.class);
	}

	private static Mono<Outcome<GiftProduct>> refused(ErrorCode code, int status) {
		return Mono
			.just(new Outcome.Refused<>(new Refusal(Optional.of(code), code.name(), status, "no", Map.of(), "req-4")));
	}

	private void later() {
		this.clock.advance(Duration.ofHours(2));
	}

	private void fails() {
		StepVerifier.create(this.gifts.shown(PSN)).expectError().verify(LIMIT);
	}

	private GiftAnswer shown() {
		return this.gifts.shown(PSN).blockOptional(LIMIT).orElseThrow();
	}

	private static GiftOffer known(String cost) {
		return new GiftOffer(Optional.of(dzd(cost)), Optional.empty());
	}

	private GiftOffer offer(String typeId, int quantity) {
		return this.catalog.giftOffer(ACCOUNT, "psn", typeId, quantity).blockOptional(LIMIT).orElseThrow();
	}

}
