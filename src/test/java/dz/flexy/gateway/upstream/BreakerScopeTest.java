package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** What a breaker counts, closed and half-open, over real HTTP. */
class BreakerScopeTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final List<Fault> FAILURES = List.of(Fault.errorBeforeCommit(), Fault.htmlBeforeCommit(502),
			Fault.unavailableBeforeCommit(), Fault.cutBeforeCommit(), Fault.resetBeforeCommit(),
			Fault.hangBeforeCommit(), Fault.authUnavailable());

	/** The last one stops all calls for a second. */
	private static final List<Fault> SAY_NOTHING = List.of(Fault.refused(400, "ERR_PHONE"),
			Fault.refused(404, "NOT_FOUND"), Fault.refused(403, "DUPLICATED_REF"), Fault.refused(418, "UNHEARD_OF"),
			Fault.limited(Duration.ofSeconds(1)));

	private final UpstreamUnderTest under = UpstreamUnderTest.start();

	@BeforeEach
	void passTheKeyCheck() {
		assertThat(this.under.passTheKeyCheck()).isInstanceOf(Outcome.Success.class);
	}

	@AfterEach
	void close() {
		this.under.close();
	}

	@ParameterizedTest
	@EnumSource
	void countsLostConnectionsTimeOutsAndServerErrors(Side side) {
		call(side, "well");
		long before = this.under.counted(side, "failed");

		for (int i = 0; i < FAILURES.size(); i++) {
			fault(side, FAILURES.get(i));
			call(side, "failing-" + i);
			assertThat(this.under.counted(side, "failed")).as(FAILURES.get(i).name()).isEqualTo(before + i + 1);
		}
	}

	@ParameterizedTest
	@EnumSource
	void eachOfThemOpensAHalfOpenBreaker(Side side) {
		halfOpen(side);

		for (Fault failure : FAILURES) {
			fault(side, failure);
			call(side, failure.name());
			assertThat(this.under.breaker(side)).as(failure.name()).isEqualTo("open");
			this.under.clock().advance(Breakers.REST.plusMillis(1));
		}
	}

	@ParameterizedTest
	@EnumSource
	void ignoresRefusalsAndBeingLimited(Side side) {
		call(side, "well");
		long before = counted(side);

		for (Fault nothing : SAY_NOTHING) {
			fault(side, nothing);
			call(side, nothing.name());
			assertThat(counted(side)).as(nothing.name()).isEqualTo(before);
		}
	}

	@ParameterizedTest
	@EnumSource
	void eachOfThemLeavesTheHalfOpenPlaceToTheNext(Side side) {
		halfOpen(side);

		for (Fault nothing : SAY_NOTHING) {
			fault(side, nothing);
			call(side, nothing.name());
			assertThat(this.under.breaker(side)).as(nothing.name()).isEqualTo("half_open");
		}
		assertThat(call(side, "well")).isInstanceOf(Outcome.Success.class);
		assertThat(this.under.breaker(side)).isEqualTo("closed");
	}

	@Test
	void ignoresAFailedCommit() {
		this.under.send("well");
		long before = counted(Side.SEND);

		sendWithFailingCommit("not-committed");
		assertThat(counted(Side.SEND)).isEqualTo(before);
		halfOpen(Side.SEND);
		sendWithFailingCommit("not-committed-either");

		assertThat(this.under.breaker(Side.SEND)).isEqualTo("half_open");
		assertThat(this.under.send("well-again")).isInstanceOf(Outcome.Success.class);
		assertThat(this.under.breaker(Side.SEND)).isEqualTo("closed");
	}

	@ParameterizedTest
	@EnumSource
	void ignoresACancelledCall(Side side) {
		call(side, "well");
		long before = counted(side);

		cancelled(side, "hung-up");
		assertThat(counted(side)).isEqualTo(before);
		halfOpen(side);
		cancelled(side, "hung-up-again");

		assertThat(this.under.breaker(side)).isEqualTo("half_open");
		assertThat(call(side, "well-again")).isInstanceOf(Outcome.Success.class);
		assertThat(this.under.breaker(side)).isEqualTo("closed");
	}

	/** The answer begins in time, so only the whole time-out ends it. */
	@Test
	void countsAReadThatTheTimeLimiterEnds() {
		fault(Side.READ, Fault.slowBody(Duration.ofMillis(500)));

		assertThat(this.under.balance()).isEqualTo(new Outcome.MayHaveActed<>("TimeoutException"));

		assertThat(this.under.counted(Side.READ, "failed")).isEqualTo(1);
		assertThat(this.under.meters()
			.get("resilience4j.timelimiter.calls")
			.tags("name", "account.balance", "kind", "timeout")
			.counter()
			.count()).isEqualTo(1);
	}

	@Test
	void noTimeLimiterStandsBeforeASend() {
		this.under.send("a");
		fault(Side.SEND, Fault.hangBeforeCommit());
		this.under.send("b");

		assertThat(this.under.meters().find("resilience4j.timelimiter.calls").meters())
			.noneMatch((meter) -> "internet.send".equals(meter.getId().getTag("name")));
	}

	private void halfOpen(Side side) {
		this.under.simulator().refuseConnections(true);
		for (int i = 0; i < 30 && !this.under.breaker(side).equals("open"); i++) {
			call(side, "down-" + i);
		}
		this.under.simulator().refuseConnections(false);
		assertThat(this.under.breaker(side)).isEqualTo("open");
		this.under.clock().advance(Breakers.REST.plusMillis(1));
	}

	private Outcome<?> call(Side side, String ref) {
		return switch (side) {
			case READ -> this.under.balance();
			case SEND -> this.under.send(ref);
		};
	}

	private void cancelled(Side side, String ref) {
		fault(side, Fault.hangBeforeCommit());
		this.under.simulator().requests().clear();
		CompletableFuture<?> call = ((side == Side.READ)
				? this.under.upstream().balance(Call.refresh(this.under.account()))
				: this.under.send(ref, Mono.empty()))
			.toFuture();
		awaitRequest(side);
		call.cancel(true);
	}

	private void awaitRequest(Side side) {
		this.under.simulator().requests().first(match(side)).block(PATIENCE);
	}

	private void sendWithFailingCommit(String ref) {
		this.under.send(ref, Mono.error(new IllegalStateException("not to be sent"))).block(PATIENCE);
	}

	private long counted(Side side) {
		return this.under.counted(side, "failed") + this.under.counted(side, "successful");
	}

	private void fault(Side side, Fault fault) {
		this.under.simulator().faults().next(fault, match(side));
	}

	private static RequestMatch match(Side side) {
		return (side == Side.SEND) ? RequestMatch.onSend() : RequestMatch.onWord("balance");
	}

}
