package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.catalog.Offer;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What is known of prices and stock where the lists can be read. */
@TestInstance(Lifecycle.PER_CLASS)
class LocalOffersTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String PRODUCT = "507f1f77bcf86cd799439011";

	private LedgerUnderTest ledger;

	private LocalChecks checks;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start();
		this.checks = this.ledger.bean(LocalChecks.class);
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@Test
	void whatTheListsRefuseIsRefused() {
		assertRefused(item(new SendBody.Mobile("SPECIAL_2000", "0770000001", Optional.empty(), Optional.empty(),
				Optional.empty())), "ERR_VALIDATION");
		assertRefused(item(new SendBody.GiftCards(PRODUCT, "type_003", 1, Optional.empty(), Optional.empty())),
				"ERR_STOCK");
		this.ledger.upstream().account("sim-key-1").stock("ADSL", new BigDecimal("2000"), false);
		assertThat(offer(internet("2000", Optional.of("5000"))).refusal().map(Problem::code)).contains("ERR_STOCK");
		assertRefused(item(new SendBody.Internet("ADSL", LedgerUnderTest.NUMBER, new BigDecimal("2000"),
				Optional.empty(), Optional.empty())), "ERR_STOCK");
	}

	@Test
	void whatTheListsKnowIsOrderedAsTheyHaveIt() {
		assertThat(item(new SendBody.Mobile("PIXX_500", "0770000001", Optional.of(BigDecimal.TEN), Optional.empty(),
				Optional.empty()))
			.block(PATIENCE)
			.value()).isEqualByComparingTo("500");
		assertThat(
				item(new SendBody.GiftCards(PRODUCT, "type_001", 2, Optional.empty(), Optional.empty())).block(PATIENCE)
					.value())
			.isEqualByComparingTo("980");
		assertThat(item(new SendBody.Internet("ADSL", LedgerUnderTest.NUMBER, new BigDecimal("1000"), Optional.empty(),
				Optional.of(BigDecimal.TEN)))
			.block(PATIENCE)
			.maxCost()).contains(BigDecimal.TEN);
	}

	@Test
	void eachFamilyHasItsPrice() {
		for (Optional<String> limit : List.of(Optional.<String>empty(), Optional.of("99999"))) {
			assertThat(offer(mobile(limit)).cost().orElseThrow()).isBetween(new BigDecimal("400"),
					new BigDecimal("500"));
			assertThat(offer(cards(limit)).cost().orElseThrow()).isEqualByComparingTo("980");
			assertThat(offer(internet("1000", limit)).cost().orElseThrow()).isBetween(new BigDecimal("900"),
					new BigDecimal("1000"));
		}
	}

	@Test
	void onlyInternetNumbersAreAskedFor() {
		assertThat(numberRefusal(mobile(Optional.empty()))).isEmpty();
		assertThat(numberRefusal(cards(Optional.empty()))).isEmpty();
		assertThat(this.ledger.upstream().requests().count(RequestMatch.onWord("check-number"))).isZero();

		assertThat(numberRefusal(internet("1000", Optional.empty()))).isEmpty();
		assertThat(this.ledger.upstream().requests().count(RequestMatch.onWord("check-number"))).isOne();
	}

	private Optional<Problem> numberRefusal(Order order) {
		return this.checks.numberRefusal(this.ledger.account(), order).block(PATIENCE);
	}

	private Offer offer(Order order) {
		return this.checks.offer(this.ledger.account(), order).block(PATIENCE);
	}

	private Mono<Item> item(SendBody body) {
		return this.checks.item(new Caller(new CallerId("shop"), this.ledger.account().id(), Set.of(), 100,
				Duration.ofSeconds(60), Optional.empty()), body);
	}

	private static void assertRefused(Mono<Item> item, String code) {
		assertThat(catchThrowableOfType(Problem.class, () -> item.block(PATIENCE)).code()).isEqualTo(code);
	}

	private Order internet(String value, Optional<String> limit) {
		return LedgerUnderTest.as(this.ledger.accepted(), Family.INTERNET,
				new Item.TopUp("ADSL", LedgerUnderTest.NUMBER, new BigDecimal(value), limit.map(BigDecimal::new)));
	}

	private Order mobile(Optional<String> limit) {
		return LedgerUnderTest.as(this.ledger.accepted(), Family.MOBILE,
				new Item.TopUp("PREPAID_DJEZZY", "0770000001", new BigDecimal("500"), limit.map(BigDecimal::new)));
	}

	private Order cards(Optional<String> limit) {
		return LedgerUnderTest.as(this.ledger.accepted(), Family.GIFT_CARD,
				new Item.GiftCards(PRODUCT, "type_001", 2, BigDecimal.ZERO, limit.map(BigDecimal::new)));
	}

}
