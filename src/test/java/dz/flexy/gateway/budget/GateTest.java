package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class GateTest {

	private final GateUnderTest gate = new GateUnderTest();

	@AfterEach
	void realTime() {
		VirtualTimeScheduler.reset();
	}

	@Test
	void admitsABurstAtOnceAndTheNextAStepLater() {
		this.gate.burst();
		CompletableFuture<Permit> third = this.gate.acquire();

		this.gate.pass(GateUnderTest.SPACING.minusNanos(1));
		assertThat(third).isNotDone();

		this.gate.pass(Duration.ofNanos(1));
		assertThat(third).isCompleted();
	}

	@Test
	void admitsInTheOrderOfArrival() {
		this.gate.burst();
		List<Integer> order = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			int caller = i;
			this.gate.acquire().thenAccept((permit) -> order.add(caller));
		}

		this.gate.pass(GateUnderTest.SPACING.multipliedBy(2));
		assertThat(order).containsExactly(0, 1);

		this.gate.pass(GateUnderTest.SPACING);
		assertThat(order).containsExactly(0, 1, 2);
	}

	@Test
	void aCancelLeavesTheQueueAndBurnsNothing() {
		this.gate.burst();
		CompletableFuture<Permit> first = this.gate.acquire();
		CompletableFuture<Permit> second = this.gate.acquire();

		first.cancel(true);
		this.gate.pass(GateUnderTest.SPACING);

		assertThat(second).isCompleted();
		assertThat(this.gate.timeFor(0)).isEqualTo(GateUnderTest.SPACING);
	}

	@Test
	void refusesAtOnceAWaitThatCannotBeMet() {
		this.gate.burst();
		this.gate.acquire();

		assertThat(exhausted(this.gate.acquire(GateUnderTest.SPACING.multipliedBy(2).minusNanos(1))).retryAfter())
			.isEqualTo(GateUnderTest.SPACING.multipliedBy(2));
		assertThat(this.gate.acquire(GateUnderTest.SPACING.multipliedBy(2))).isNotDone();
	}

	@Test
	void servesAWaitOfExactlyTheLongest() {
		this.gate.burst();
		CompletableFuture<Permit> permit = this.gate.acquire(GateUnderTest.SPACING);

		this.gate.pass(GateUnderTest.SPACING);

		assertThat(permit).isCompleted();
	}

	@Test
	void endsAWaitThatTurnsOutTooLong() {
		this.gate.burst();
		CompletableFuture<Permit> permit = this.gate.acquire(GateUnderTest.SPACING);
		this.gate.told(200, "0", "30", null);

		this.gate.pass(GateUnderTest.SPACING);
		assertThat(permit).isNotDone();

		this.gate.pass(Duration.ofMillis(1));
		assertThat(exhausted(permit).retryAfter()).isBetween(Duration.ofSeconds(28), Duration.ofSeconds(30));
		this.gate.pass(Duration.ofSeconds(31));
		assertThat(this.gate.acquire()).isCompleted();
	}

	@Test
	void anUnusedPermitIsGivenBackOnceOnly() {
		Permit unused = this.gate.acquire().join();
		this.gate.acquire();
		CompletableFuture<Permit> next = this.gate.acquire();
		CompletableFuture<Permit> afterThat = this.gate.acquire();

		unused.unused();
		unused.unused();

		assertThat(next).isCompleted();
		assertThat(afterThat).isNotDone();
	}

	@Test
	void tellsHowLongSomeCallsWouldTake() {
		assertThat(this.gate.timeFor(0)).isZero();
		assertThat(this.gate.timeFor(5)).isEqualTo(GateUnderTest.SPACING.multipliedBy(5));

		this.gate.burst();
		this.gate.acquire();

		assertThat(this.gate.timeFor(0)).isEqualTo(GateUnderTest.SPACING.multipliedBy(2));
		assertThat(this.gate.timeFor(5)).isEqualTo(GateUnderTest.SPACING.multipliedBy(7));
	}

	private static BudgetExhausted exhausted(CompletableFuture<Permit> permit) {
		assertThat(permit).isCompletedExceptionally();
		try {
			permit.get();
			throw new AssertionError("admitted");
		}
		catch (ExecutionException failed) {
			return (BudgetExhausted) failed.getCause();
		}
		catch (InterruptedException stopped) {
			throw new IllegalStateException(stopped);
		}
	}

}
