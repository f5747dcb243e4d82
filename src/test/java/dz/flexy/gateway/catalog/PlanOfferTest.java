package dz.flexy.gateway.catalog;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Plan;
import dz.flexy.gateway.upstream.Plans;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

import static dz.flexy.gateway.catalog.Samples.ACCOUNT;
import static dz.flexy.gateway.catalog.Samples.MAIN;
import static dz.flexy.gateway.catalog.Samples.dzd;
import static dz.flexy.gateway.catalog.Samples.fixed;
import static dz.flexy.gateway.catalog.Samples.range;
import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class PlanOfferTest {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private final SettableClock clock = new SettableClock();

	private final FakeSource source = new FakeSource();

	private final Catalog catalog = new Catalog(new ProductLists(this.source, this.clock),
			new PlanLists(this.source, this.clock), new GiftProducts(this.source, this.clock),
			new Numbers(this.source, new FakeMemory(), this.clock));

	@Test
	void aRangeTakesTheAmountThatWasAskedFor() {
		this.source.offers(range("PREPAID", "0.9925", true));

		assertThat(offer("PREPAID", "500")).isEqualTo(known("500", "496.25"));
		assertThat(offer("PREPAID", "4e1").amount()).contains(dzd("40"));
		assertThat(offer("PREPAID", "3999.00").amount()).contains(dzd("3999"));
		assertThat(this.source.listReads).isEqualTo(1);
	}

	@Test
	void aFixedPlanTakesItsOwnAmountWhateverWasAskedFor() {
		this.source.offers(fixed("MIX", "0.98", "500"));

		assertThat(offer("MIX", "70.5")).isEqualTo(known("500", "490.00"));
		assertThat(offer("MIX", null)).isEqualTo(known("500", "490.00"));
	}

	@Test
	void aFixedPlanThatDoesNotTellItsAmountTakesWhatWasAskedFor() {
		this.source.offers(fixed("MIX", null, null));

		assertThat(offer("MIX", "500").amount()).contains(dzd("500"));
		assertThat(offer("MIX", null).amount()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "2.01", "490", "0", "-0.98" })
	void aCostThatIsNoMultiplierTellsNothing(String cost) {
		this.source.offers(fixed("MIX", cost, "500"), range("PREPAID", null, true));

		assertThat(offer("MIX", null).cost()).isEmpty();
		assertThat(offer("PREPAID", "500").cost()).isEmpty();
	}

	@Test
	void refusesAnUnknownPlan() {
		this.source.offers(range("PREPAID", "0.98", true));

		assertThat(offer("prepaid", "500").refusal()).hasValueSatisfying((problem) -> {
			assertThat(problem.code()).isEqualTo("ERR_VALIDATION");
			assertThat(problem.details()).containsEntry("field", "plan_code")
				.containsEntry("value", "prepaid")
				.containsEntry("moneyMayHaveMoved", false)
				.containsEntry("retrySafe", true);
		});
	}

	@Test
	void refusesADisabledPlan() {
		this.source.offers(range("PREPAID", "0.98", false));

		assertThat(offer("PREPAID", "500").refusal()).hasValueSatisfying((problem) -> {
			assertThat(problem.code()).isEqualTo("ERR_VALIDATION");
			assertThat(problem.details()).containsEntry("field", "plan_code");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "39", "4000", "100.5", "39.99", "0", "-500", "1e9" })
	void refusesAnAmountThatTheRangeDoesNotHold(String amount) {
		this.source.offers(range("PREPAID", "0.98", true));

		assertThat(offer("PREPAID", amount).refusal()).hasValueSatisfying((problem) -> {
			assertThat(problem.code()).isEqualTo("ERR_VALIDATION");
			assertThat(problem.details()).containsEntry("field", "amount")
				.containsEntry("min", dzd("40"))
				.containsEntry("max", dzd("3999"));
		});
	}

	@Test
	void refusesARangeWithoutAnAmount() {
		this.source.offers(range("PREPAID", "0.98", true));

		assertThat(offer("PREPAID", null).refusal()).map(Problem::details)
			.hasValueSatisfying((details) -> assertThat(details).containsEntry("field", "amount"));
	}

	@Test
	void aRangeWithoutBoundsTakesAnyWholeAmount() {
		this.source.offers(new Plan("PREPAID", false, true, null, null, null, null));

		assertThat(offer("PREPAID", "1000000").refusal()).isEmpty();
		assertThat(offer("PREPAID", "0.5").refusal()).isPresent();
	}

	@ParameterizedTest
	@ValueSource(strings = { "FACTURE_DJEZZY", "GETMENU_Mobilis" })
	void billsAndMenusAreTheUpstreamsToJudge(String code) {
		this.source.offers(range("PREPAID", "0.98", true));
		assertThat(offer(code, "7.5").refusal()).isEmpty();

		this.clock.advance(Duration.ofMinutes(1));
		this.source.offers(range(code, "0.98", false));
		assertThat(offer(code, null).refusal()).isEmpty();
		assertThat(this.catalog.planRefusal(MAIN, code, Optional.empty())).isEmpty();
	}

	@Test
	void aBillTakesTheAmountThatWasAskedForAndAMenuNone() {
		this.source.offers(range("FACTURE_DJEZZY", "0.98", true));

		assertThat(offer("FACTURE_DJEZZY", "7.5")).isEqualTo(known("7.5", "7.35"));
		assertThat(offer("GETMENU_Djezzy", "500").amount()).contains(BigDecimal.ZERO);
	}

	@Test
	void anEmptyListAndOneWithGapsDoNotSayThatAPlanIsUnknown() {
		this.source.offers();
		assertThat(offer("PREPAID", "500")).isEqualTo(PlanOffer.unknown("PREPAID"));

		this.clock.advance(Duration.ofHours(2));
		this.source.plans = Mono
			.just(new Plans(List.of(range("OTHER", null, true)), false, JsonMapper.shared().createObjectNode()));
		assertThat(offer("PREPAID", "500")).isEqualTo(PlanOffer.unknown("PREPAID"));
		assertThat(offer("OTHER", "1").refusal()).isPresent();
	}

	@Test
	void readsAnOlderListAnewBeforeRefusing() {
		this.source.offers(range("PREPAID", "0.98", false));
		offer("PREPAID", "500");

		this.clock.advance(Duration.ofSeconds(30));
		assertThat(offer("PREPAID", "500").refusal()).isPresent();
		assertThat(this.source.listReads).isEqualTo(1);

		this.clock.advance(Duration.ofNanos(1));
		this.source.offers(range("PREPAID", "0.97", true));
		assertThat(offer("PREPAID", "500")).isEqualTo(known("500", "485.00"));
		assertThat(this.source.listReads).isEqualTo(2);
	}

	@Test
	void anOlderListThatCannotBeReadAnewRefusesNothing() {
		this.source.offers(range("PREPAID", "0.98", false));
		offer("PREPAID", "500");
		this.source.fails();

		this.clock.advance(Duration.ofSeconds(31));

		assertThat(offer("PREPAID", "500")).isEqualTo(known("500", "490.00"));
	}

	@Test
	void refusesAtOnceOnlyByAListAtMostThirtySecondsOld() {
		assertThat(this.catalog.planRefusal(MAIN, "NONE", Optional.empty())).isEmpty();
		this.source.offers(range("PREPAID", "0.98", true));
		offer("PREPAID", "500");

		this.clock.advance(Duration.ofSeconds(30));
		assertThat(this.catalog.planRefusal(MAIN, "NONE", Optional.empty())).isPresent();
		assertThat(this.catalog.planRefusal(MAIN, "PREPAID", Optional.of(dzd("500")))).isEmpty();

		this.clock.advance(Duration.ofNanos(1));
		assertThat(this.catalog.planRefusal(MAIN, "NONE", Optional.empty())).isEmpty();
		assertThat(this.source.listReads).isEqualTo(1);
	}

	@Test
	void aDoubtedListIsReadAnewBeforeItIsBelieved() {
		this.source.offers(range("PREPAID", "0.98", true));
		offer("PREPAID", "500");

		this.clock.advance(Duration.ofSeconds(1));
		this.catalog.plansDoubted(MAIN);
		assertThat(this.catalog.planRefusal(MAIN, "NONE", Optional.empty())).isEmpty();

		this.source.offers(range("PREPAID", "0.98", false));
		assertThat(offer("PREPAID", "500").refusal()).isPresent();
	}

	@Test
	void waitsTwoSecondsForTheFirstReadAndNoLonger() {
		this.source.plans = Mono.never();

		StepVerifier.withVirtualTime(() -> this.catalog.planOffer(ACCOUNT, "GETMENU_Djezzy", Optional.empty()))
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(2).minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.expectNext(PlanOffer.unknown("GETMENU_Djezzy"))
			.expectComplete()
			.verify(LIMIT);
		assertThat(PlanOffer.unknown("GETMENU_Djezzy").amount()).contains(BigDecimal.ZERO);
	}

	/** A doubted list takes a second to fail, the next reading hangs. */
	@Test
	void waitsTwoSecondsForTwoReadsTogether() {
		this.source.offers(range("PREPAID", "0.98", false));
		offer("PREPAID", "500");
		this.clock.advance(Duration.ofSeconds(1));
		this.catalog.plansDoubted(MAIN);

		StepVerifier.withVirtualTime(() -> {
			this.source.plans = Mono.delay(Duration.ofSeconds(1))
				.doOnNext((later) -> this.source.plans = Mono.never())
				.then(Mono.error(new IllegalStateException("upstream fails")));
			return this.catalog.planOffer(ACCOUNT, "PREPAID", Optional.of(dzd("500")));
		})
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(2).minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.expectNext(known("500", "490.00"))
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aRecentOfferIsReadAnewOrNotGiven() {
		this.source.offers(range("PREPAID", "0.98", true));
		offer("PREPAID", "500");
		this.clock.advance(Duration.ofSeconds(31));
		this.source.fails();

		StepVerifier.create(this.catalog.recentPlanOffer(ACCOUNT, "PREPAID", Optional.of(dzd("500"))))
			.expectComplete()
			.verify(LIMIT);

		this.source.offers(range("PREPAID", "0.97", true));
		StepVerifier.create(this.catalog.recentPlanOffer(ACCOUNT, "PREPAID", Optional.of(dzd("500"))))
			.expectNext(known("500", "485.00"))
			.expectComplete()
			.verify(LIMIT);
	}

	private static PlanOffer known(String amount, String cost) {
		return new PlanOffer(Optional.of(dzd(amount)), Optional.of(dzd(cost)), Optional.empty());
	}

	private PlanOffer offer(String code, @Nullable String amount) {
		return this.catalog.planOffer(ACCOUNT, code, Optional.ofNullable(amount).map(Samples::dzd))
			.blockOptional(LIMIT)
			.orElseThrow();
	}

}
