package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Waiting;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** One call a minute and three for each order. */
class BacklogTest {

	private static final Map<String, Object> SLOW = Map.of("gateway.upstream.accounts.main.limit", 1,
			"gateway.upstream.accounts.main.window", "60s");

	private static final Caller SHOP = new Caller(new CallerId("shop"), new AccountId("main"), Set.of(), 1,
			Duration.ofSeconds(60), Optional.empty());

	private static final Duration DEADLINE = Duration.ofMinutes(15);

	private LedgerUnderTest ledger = LedgerUnderTest.start(SLOW);

	@AfterEach
	void close() {
		this.ledger.close();
	}

	@Test
	void admitsWhileNobodyWaits() {
		admit(Duration.ZERO);
	}

	@Test
	void admitsTheLastThatCanBeBegunInTime() {
		waiting(5);

		admit(DEADLINE);
		assertRefused(DEADLINE.minusMillis(1), "RATE_LIMIT_EXCEEDED", 429);
	}

	@Test
	void countsWhatItAcceptedSinceTheLastCount() {
		waiting(4);
		backlog().accepted(SHOP);
		admit(DEADLINE);

		backlog().accepted(SHOP);
		assertRefused(DEADLINE, "RATE_LIMIT_EXCEEDED", 429);
	}

	@Test
	void aNewCountReplacesTheOld() {
		waiting(100);
		assertRefused(DEADLINE, "RATE_LIMIT_EXCEEDED", 429);

		backlog().counted(this.ledger.account().id(), List.of());

		admit(DEADLINE);
	}

	@Test
	void ordersOfOtherAccountsDoNotCount() {
		backlog().counted(new AccountId("other"), List.of(new Waiting(SHOP.id(), BigDecimal.ONE, 100)));

		admit(DEADLINE);
	}

	/** They take turns, so only one of the hundred is begun before. */
	@Test
	void anotherCallersOrdersCountAsFarAsTheirTurnComes() {
		waiting(2, new Waiting(new CallerId("bulk"), BigDecimal.ONE, 100));
		admit(DEADLINE);

		waiting(3, new Waiting(new CallerId("bulk"), BigDecimal.ONE, 100));
		assertRefused(DEADLINE, "RATE_LIMIT_EXCEEDED", 429);
		waiting(3, new Waiting(new CallerId("bulk"), BigDecimal.ONE, 2));
		admit(DEADLINE);
	}

	@Test
	void anotherCallersWeightBringsMoreOfHisBefore() {
		waiting(1, new Waiting(new CallerId("bulk"), BigDecimal.TWO, 100));
		admit(DEADLINE);

		waiting(1, new Waiting(new CallerId("bulk"), new BigDecimal("2.5"), 100));
		assertRefused(DEADLINE, "RATE_LIMIT_EXCEEDED", 429);
	}

	@Test
	void turnsAwayWhileTheAccountIsStopped() {
		this.ledger.bean(Accounts.class).stop(this.ledger.account(), "ERR_AUTH").block();

		assertRefused(DEADLINE, "UPSTREAM_ACCOUNT_STOPPED", 503);
	}

	@Test
	void turnsAwayOnHold() {
		this.ledger.close();
		this.ledger = LedgerUnderTest.start(Map.of("gateway.dispatch.hold", true));

		assertRefused(DEADLINE, "UPSTREAM_UNAVAILABLE", 503);
	}

	@Test
	void neverCallsTheUpstream() {
		admit(DEADLINE);

		assertThat(this.ledger.upstream().requests().all()).isEmpty();
	}

	private Backlog backlog() {
		return this.ledger.bean(Backlog.class);
	}

	/** So many of the shop's own, and others'. */
	private void waiting(long own, Waiting... others) {
		List<Waiting> counts = new ArrayList<>(List.of(others));
		counts.add(new Waiting(SHOP.id(), BigDecimal.ONE, own));
		backlog().counted(this.ledger.account().id(), counts);
	}

	private void admit(Duration deadline) {
		backlog().admit(this.ledger.account(), SHOP, deadline).block(Duration.ofSeconds(20));
	}

	private void assertRefused(Duration deadline, String code, int status) {
		assertThatExceptionOfType(Problem.class).isThrownBy(() -> admit(deadline)).satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(code);
			assertThat(problem.status()).isEqualTo(status);
			assertThat(problem.details()).containsEntry("moneyMayHaveMoved", false).containsEntry("retrySafe", true);
		});
	}

}
