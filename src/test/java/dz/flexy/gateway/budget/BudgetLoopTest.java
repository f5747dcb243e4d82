package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Accounts;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** A replica that stops, on the shared row. Exchanges happen when the test says so. */
class BudgetLoopTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String CHARGED = "select coalesce((select sum(c) from unnest(charged) c), 0) from budget_usage";

	@Test
	void aStopGivesBackWhatIsUnusedAndRefusesWhoeverWaits()
			throws ExecutionException, InterruptedException, TimeoutException {
		try (LedgerUnderTest ledger = LedgerUnderTest.start()) {
			Budget budget = new Budget(ledger.bean(Accounts.class), ledger.bean(UsageRows.class),
					ledger.bean(Clock.class), new SimpleMeterRegistry());
			BudgetLoop loop = new BudgetLoop(budget, new BudgetGauges(budget, ledger.bean(UsageRows.class)),
					ledger.bean(Accounts.class), new SimpleMeterRegistry());
			CompletableFuture<Permit> granted = acquire(ledger, budget);
			Flux.interval(Duration.ZERO, Duration.ofMillis(20))
				.onBackpressureDrop()
				.concatMap((look) -> Flux.fromIterable(budget.gates()).flatMap(Gate::exchange).then(Mono.just(look)))
				.takeUntil((look) -> granted.isDone())
				.blockLast(PATIENCE);
			Permit unused = granted.get(20, TimeUnit.SECONDS);
			assertThat(ledger.row(CHARGED)).isEqualTo("1");
			CompletableFuture<Permit> waits = acquire(ledger, budget);
			CompletableFuture<Void> stopped = new CompletableFuture<>();

			unused.close();
			loop.stop(() -> stopped.complete(null));
			stopped.get(20, TimeUnit.SECONDS);

			assertThat(ledger.row(CHARGED)).isEqualTo("0");
			assertThat(waits).failsWithin(PATIENCE)
				.withThrowableThat()
				.withCauseInstanceOf(BudgetExhausted.class)
				.withMessageContaining("the gateway stops");
		}
	}

	private static CompletableFuture<Permit> acquire(LedgerUnderTest ledger, Budget budget) {
		return budget.acquire(ledger.account(), Lane.SEND, PATIENCE).toFuture();
	}

}
