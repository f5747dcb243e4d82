package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.balance.Balance;
import dz.flexy.gateway.balance.BalanceUnderTest;
import dz.flexy.gateway.catalog.Catalog;
import dz.flexy.gateway.lease.LeasesUnderTest;
import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.upstream.Fault;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Receipt;
import dz.flexy.gateway.upstream.Refusal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the outcome of a send changes beside its order. */
@TestInstance(Lifecycle.PER_CLASS)
class AftermathElsewhereTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String CARDS = "507f1f77bcf86cd799439011";

	private LedgerUnderTest ledger;

	private Catalog catalog;

	private AccountId account;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start();
		this.catalog = this.ledger.bean(Catalog.class);
		this.account = this.ledger.account().id();
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	static Outcome<?>[] costly() {
		return new Outcome<?>[] { new Outcome.Success<>(new Receipt("costly"), "-"),
				new Outcome.MayHaveActed<>("ReadTimeoutException") };
	}

	@ParameterizedTest
	@MethodSource("costly")
	void aBalanceFromBeforeItMayHaveBoughtRefusesNobody(Outcome<Receipt> outcome) {
		BalanceUnderTest.shown(this.ledger.bean(Balance.class), this.ledger.account()).block(PATIENCE);
		askWhetherItSuffices();
		long reads = balanceReads();
		askWhetherItSuffices();
		assertThat(balanceReads()).isEqualTo(reads);

		after(this.ledger.sending(), outcome);
		askWhetherItSuffices();

		assertThat(balanceReads()).isEqualTo(reads + 1);
	}

	@Test
	void aListThatSaidOtherwiseThanTheUpstreamIsNotBelievedAnyMore() {
		Order cards = LedgerUnderTest.as(this.ledger.sending(), Family.GIFT_CARD,
				new Item.GiftCards(CARDS, "type_001", 2, BigDecimal.ZERO, Optional.empty()));
		Order plan = LedgerUnderTest.as(this.ledger.sending(), Family.MOBILE, this.ledger.sending().item());

		believe();
		after(plan, refused("ERR_STOCK"));
		after(cards, refused("ERR_VALIDATION"));
		after(this.ledger.sending(), refused("ERR_VALIDATION"));
		assertThat(believesProducts()).isTrue();
		assertThat(believesCards()).isTrue();
		assertThat(believesPlans()).isFalse();

		believe();
		after(LedgerUnderTest.as(this.ledger.sending(), Family.MOBILE, plan.item()), refused("ERR_VALIDATION"));
		assertThat(believesPlans()).isFalse();
		after(LedgerUnderTest.as(this.ledger.sending(), Family.GIFT_CARD, cards.item()), refused("ERR_STOCK"));
		assertThat(believesCards()).isFalse();
		assertThat(believesProducts()).isTrue();
		after(this.ledger.sending(), refused("ERR_STOCK"));
		assertThat(believesProducts()).isFalse();
	}

	/** In a rolling update the next replica may have a key that works. */
	@Test
	void anOrderThatThisReplicasKeyCannotBuyIsSoonAnothers() {
		Outcome<Receipt> ofKey = new Outcome.NotSent<>(Fault.GATEWAY, ErrorCode.INVALID_ACCESS_TOKEN.name(),
				Duration.ofSeconds(30));
		Outcome<Receipt> ofNetwork = new Outcome.NotSent<>(Fault.UPSTREAM, "ConnectException", Duration.ofSeconds(30));
		Replicas replicas = this.ledger.bean(Replicas.class);

		assertThat(this.ledger.pause(after(this.ledger.sending(), ofKey))).isEqualTo(Duration.ofSeconds(30));
		LeasesUnderTest.live(replicas, 2);
		try {
			assertThat(this.ledger.pause(after(this.ledger.sending(), ofKey))).isEqualTo(Duration.ofSeconds(2));
			assertThat(this.ledger.pause(after(this.ledger.sending(), ofNetwork))).isEqualTo(Duration.ofSeconds(30));
		}
		finally {
			LeasesUnderTest.live(replicas, 1);
		}
	}

	private void askWhetherItSuffices() {
		this.ledger.bean(Balance.class)
			.refusal(this.ledger.account(), new BigDecimal("1000000000"), Instant.EPOCH)
			.block(PATIENCE);
	}

	private long balanceReads() {
		return this.ledger.upstream().requests().count(RequestMatch.onRoute("/v3/account/balance"));
	}

	private void believe() {
		this.catalog.recentOffer(this.ledger.account(), "ADSL", new BigDecimal("1000")).block(PATIENCE);
		this.catalog.recentPlanOffer(this.ledger.account(), "PIXX_500", Optional.empty()).block(PATIENCE);
		this.catalog.recentGiftOffer(this.ledger.account(), CARDS, "type_001", 1).block(PATIENCE);
		assertThat(believesProducts()).isTrue();
		assertThat(believesPlans()).isTrue();
		assertThat(believesCards()).isTrue();
	}

	private boolean believesProducts() {
		return this.catalog.refusal(this.account, "ADSL", new BigDecimal("777")).isPresent();
	}

	private boolean believesPlans() {
		return this.catalog.planRefusal(this.account, "NO_SUCH_PLAN", Optional.empty()).isPresent();
	}

	private boolean believesCards() {
		return this.catalog.giftRefusal(this.account, CARDS, "no_such_type", 1).isPresent();
	}

	private Order after(Order order, Outcome<Receipt> outcome) {
		return this.ledger.bean(Aftermath.class)
			.of(this.ledger.account(), order, outcome)
			.blockOptional(PATIENCE)
			.orElseThrow();
	}

	private static Outcome<Receipt> refused(String code) {
		Optional<ErrorCode> known = ErrorCode.ofUpstream(code);
		return new Outcome.Refused<>(new Refusal(known, code, 403, "no", Map.of(), "req-1"));
	}

}
