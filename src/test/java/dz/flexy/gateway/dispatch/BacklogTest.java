package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.Map;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** One call a minute and three for each order. */
class BacklogTest {

	private static final Map<String, Object> SLOW = Map.of("gateway.upstream.accounts.main.limit", 1,
			"gateway.upstream.accounts.main.window", "60s");

	private static final Duration DEADLINE = Duration.ofMinutes(9);

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
		backlog().counted(this.ledger.account().id(), 3);

		admit(DEADLINE);
		assertRefused(DEADLINE.minusMillis(1), "RATE_LIMIT_EXCEEDED", 429);
	}

	@Test
	void countsWhatItAcceptedSinceTheLastCount() {
		backlog().counted(this.ledger.account().id(), 2);
		backlog().accepted(this.ledger.account().id());
		admit(DEADLINE);

		backlog().accepted(this.ledger.account().id());
		assertRefused(DEADLINE, "RATE_LIMIT_EXCEEDED", 429);
	}

	@Test
	void aNewCountReplacesTheOld() {
		backlog().counted(this.ledger.account().id(), 100);
		assertRefused(DEADLINE, "RATE_LIMIT_EXCEEDED", 429);

		backlog().counted(this.ledger.account().id(), 0);

		admit(DEADLINE);
	}

	@Test
	void ordersOfOtherAccountsDoNotCount() {
		backlog().counted(new AccountId("other"), 100);

		admit(DEADLINE);
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

	private void admit(Duration deadline) {
		backlog().admit(this.ledger.account(), deadline).block(Duration.ofSeconds(20));
	}

	private void assertRefused(Duration deadline, String code, int status) {
		assertThatExceptionOfType(Problem.class).isThrownBy(() -> admit(deadline)).satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo(code);
			assertThat(problem.status()).isEqualTo(status);
			assertThat(problem.details()).containsEntry("moneyMayHaveMoved", false).containsEntry("retrySafe", true);
		});
	}

}
