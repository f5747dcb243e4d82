package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dz.flexy.gateway.LedgerUnderTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A replica that stops, on the shared row. */
class BudgetLoopTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String CHARGED = "select coalesce((select sum(c) from unnest(charged) c), 0) from budget_usage";

	@Test
	void aStopGivesBackWhatIsUnusedAndRefusesWhoeverWaits()
			throws ExecutionException, InterruptedException, TimeoutException {
		try (LedgerUnderTest ledger = LedgerUnderTest.start()) {
			Budget budget = ledger.bean(Budget.class);
			BudgetLoop loop = ledger.bean(BudgetLoop.class);
			Permit unused = acquire(ledger, budget).get(20, TimeUnit.SECONDS);
			assertThat(ledger.row(CHARGED)).isEqualTo("1");
			CompletableFuture<Permit> waits = acquire(ledger, budget);
			CompletableFuture<Void> stopped = new CompletableFuture<>();

			// Else it would tell the row by itself, and give the permit to who waits.
			loop.stop();
			unused.close();
			loop.stop(() -> stopped.complete(null));
			stopped.get(20, TimeUnit.SECONDS);

			assertThat(ledger.row(CHARGED)).isEqualTo("0");
			assertThat(waits).failsWithin(PATIENCE)
				.withThrowableThat()
				.withCauseInstanceOf(BudgetExhausted.class)
				.withMessageContaining("the gateway stops");
			assertThat(loop.isRunning()).isFalse();
		}
	}

	private static CompletableFuture<Permit> acquire(LedgerUnderTest ledger, Budget budget) {
		return budget.acquire(ledger.account(), Lane.SEND, PATIENCE).toFuture();
	}

}
