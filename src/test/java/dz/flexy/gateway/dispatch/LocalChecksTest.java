package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.SpendLimit;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** Neither plans nor gift cards can be read here. */
@TestInstance(Lifecycle.PER_CLASS)
class LocalChecksTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private LedgerUnderTest ledger;

	private LocalChecks checks;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start();
		this.ledger.upstream()
			.faults()
			.next(Fault.errorBeforeCommit(), RequestMatch.onWord("plans").or(RequestMatch.onWord("checkProduct"))::test)
			.always();
		this.checks = this.ledger.bean(LocalChecks.class);
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@Test
	void anUnknownPlanIsOrderedWithTheAmountThatWasSent() {
		Item item = this.checks.item(caller(Optional.empty()), plan("PIXX_500", Optional.of(BigDecimal.TEN)))
			.block(PATIENCE);

		assertThat(item.value()).isEqualByComparingTo("10");
	}

	/** The upstream would ignore it on a fixed plan, and sell for more. */
	@Test
	void butNotByACallerWhoseSpendingIsLimited() {
		refused(limited(), plan("PIXX_500", Optional.of(BigDecimal.ONE)), "UPSTREAM_UNAVAILABLE");
	}

	@Test
	void anUnknownPlanWithoutAmountCannotBeOrderedNow() {
		refused(caller(Optional.empty()), plan("PIXX_500", Optional.empty()), "UPSTREAM_UNAVAILABLE");
	}

	@Test
	void aBillHasNoAmountOfItsOwn() {
		refused(caller(Optional.empty()), plan("FACTURE_DJEZZY", Optional.empty()), "ERR_VALIDATION");
	}

	@Test
	void giftCardsOfUnknownPriceCountForNothing() {
		Item item = this.checks.item(caller(Optional.empty()), cards()).block(PATIENCE);

		assertThat(item.value()).isZero();
	}

	@Test
	void butAreNotSoldToACallerWhoseSpendingIsLimited() {
		refused(limited(), cards(), "UPSTREAM_UNAVAILABLE");
	}

	private void refused(Caller caller, SendBody body, String code) {
		StepVerifier.create(this.checks.item(caller, body))
			.expectErrorSatisfies((failure) -> assertThat(((Problem) failure).code()).isEqualTo(code))
			.verify(PATIENCE);
	}

	private static SendBody plan(String code, Optional<BigDecimal> amount) {
		return new SendBody.Mobile(code, "0770000001", amount, Optional.empty(), Optional.empty());
	}

	private static SendBody cards() {
		return new SendBody.GiftCards("507f1f77bcf86cd799439011", "type_001", 2, Optional.empty(), Optional.empty());
	}

	private Caller limited() {
		return caller(Optional.of(new SpendLimit(new BigDecimal("1000"), Duration.ofHours(1))));
	}

	private Caller caller(Optional<SpendLimit> limit) {
		return new Caller(new CallerId("shop"), this.ledger.account().id(), Set.of(), 100, Duration.ofSeconds(60),
				Optional.empty(), BigDecimal.ONE, limit);
	}

}
