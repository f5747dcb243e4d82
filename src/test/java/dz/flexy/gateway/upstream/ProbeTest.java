package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.PublisherProbe;

import static org.assertj.core.api.Assertions.assertThat;

/** A purchase is never the first to find out whether the upstream is back. */
class ProbeTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final RequestMatch LIST = RequestMatch.onWord("list");

	private final UpstreamUnderTest under = UpstreamUnderTest.start();

	@BeforeEach
	void halfOpen() {
		assertThat(this.under.passTheKeyCheck()).isInstanceOf(Outcome.Success.class);
		this.under.simulator().refuseConnections(true);
		for (int i = 0; i < 10; i++) {
			this.under.send("down-" + i);
		}
		this.under.simulator().refuseConnections(false);
		assertThat(this.under.breaker(Side.SEND)).isEqualTo("open");
		this.under.clock().advance(Breakers.REST.plusMillis(1));
		this.under.simulator().requests().clear();
	}

	@AfterEach
	void close() {
		this.under.close();
	}

	@Test
	void oneRowOfTheListIsReadBeforeTheFirstSend() {
		assertThat(this.under.send("a")).isInstanceOf(Outcome.Success.class);
		assertThat(this.under.send("b")).isInstanceOf(Outcome.Success.class);

		assertThat(asked()).containsExactly("/v3/internet/list?{pageSize=1}", "/v3/internet/send?{}",
				"/v3/internet/send?{}");
		assertThat(this.under.breaker(Side.SEND)).isEqualTo("closed");
	}

	@Test
	void ofManyThatWaitOneProbesAndSends() {
		this.under.simulator().faults().next(Fault.delayed(Duration.ofMillis(200)), LIST);

		List<Outcome<Receipt>> outcomes = Flux.range(0, 20)
			.flatMap((i) -> this.under.send("many-" + i, Mono.empty()), 20)
			.collectList()
			.block(PATIENCE);

		assertThat(asked()).containsExactly("/v3/internet/list?{pageSize=1}", "/v3/internet/send?{}");
		assertThat(outcomes).filteredOn((outcome) -> outcome instanceof Outcome.Success<?>).hasSize(1);
		assertThat(outcomes).filteredOn((outcome) -> !(outcome instanceof Outcome.Success<?>))
			.containsOnly(new Outcome.NotSent<>(dz.flexy.gateway.upstream.Fault.UPSTREAM, "circuit breaker open",
					Duration.ofSeconds(1)));
	}

	@Test
	void nobodyProbesWhileNobodyWaits() {
		this.under.clock().advance(Duration.ofHours(1));

		assertThat(this.under.balance()).isInstanceOf(Outcome.Success.class);

		assertThat(asked()).containsExactly("/v3/account/balance?{}");
	}

	@Test
	void aFailedProbeSendsNothing() {
		PublisherProbe<Void> commit = PublisherProbe.empty();
		this.under.simulator().faults().next(Fault.errorBeforeCommit(), LIST);

		assertThat(this.under.send("a", commit.mono()).block(PATIENCE))
			.isEqualTo(new Outcome.NotSent<>(dz.flexy.gateway.upstream.Fault.UPSTREAM,
					"the probe failed: answer 500 INTERNAL_ERROR", Breakers.REST));
		this.under.send("b");

		commit.assertWasNotSubscribed();
		assertThat(asked()).containsExactly("/v3/internet/list?{pageSize=1}");
		assertThat(this.under.breaker(Side.SEND)).isEqualTo("open");
	}

	@Test
	void aProbeThatIsNotAnsweredEndsByItself() {
		this.under.simulator().faults().next(Fault.slowBody(Duration.ofMillis(500)), LIST);

		assertThat(this.under.send("a")).isInstanceOf(Outcome.NotSent.class);

		assertThat(this.under.breaker(Side.SEND)).isEqualTo("open");
		assertThat(this.under.requests("send")).isZero();
		assertThat(this.under.meters()
			.get("resilience4j.timelimiter.calls")
			.tags("name", "internet.probe", "kind", "timeout")
			.counter()
			.count()).isEqualTo(1);
	}

	@Test
	void aRefusedProbeSendsNothingAndIsNotRepeatedAtOnce() {
		this.under.simulator().faults().next(Fault.refused(404, "NOT_FOUND"), LIST);

		this.under.send("a");
		assertThat(this.under.send("b")).isEqualTo(
				new Outcome.NotSent<>(dz.flexy.gateway.upstream.Fault.UPSTREAM, "circuit breaker open", Breakers.REST));
		assertThat(asked()).containsExactly("/v3/internet/list?{pageSize=1}");

		this.under.clock().advance(Breakers.REST);
		assertThat(this.under.send("c")).isInstanceOf(Outcome.Success.class);
	}

	@Test
	void aKeyErrorToTheProbeStopsTheAccount() {
		this.under.simulator().faults().next(Fault.refused(401, "INVALID_ACCESS_TOKEN"), LIST);

		this.under.send("a");

		assertThat(this.under.standing()).isInstanceOf(Standing.Stopped.class);
		assertThat(this.under.requests("send")).isZero();
	}

	@Test
	void aStoppedAccountDoesNotProbe() {
		this.under.simulator().faults().next(Fault.refused(401, "INVALID_ACCESS_TOKEN"), RequestMatch.onAny());
		this.under.balance();
		this.under.simulator().requests().clear();

		assertThat(this.under.send("a")).isInstanceOf(Outcome.NotSent.class);

		assertThat(asked()).isEmpty();
	}

	@Test
	void aProbeNeedsAPermit() {
		this.under.simulator().faults().next(Fault.limited(Duration.ofSeconds(30)), RequestMatch.onWord("balance"));
		this.under.balance();
		this.under.simulator().requests().clear();

		assertThat(this.under.send("a")).isInstanceOfSatisfying(Outcome.NotSent.class, (notSent) -> {
			assertThat(notSent.fault()).isEqualTo(dz.flexy.gateway.upstream.Fault.GATEWAY);
			assertThat(notSent.retryAfter()).isGreaterThan(Duration.ofSeconds(25));
		});

		assertThat(asked()).isEmpty();
		assertThat(this.under.breaker(Side.SEND)).isEqualTo("half_open");
	}

	@Test
	void aCancelledProbeLeavesItsPlaceToTheNext() {
		this.under.simulator().faults().next(Fault.hangBeforeCommit(), LIST);
		CompletableFuture<Outcome<Receipt>> first = this.under.send("a", Mono.empty()).toFuture();
		this.under.simulator().requests().first(LIST).block(PATIENCE);

		first.cancel(true);

		assertThat(this.under.send("b")).isInstanceOf(Outcome.Success.class);
		assertThat(asked()).containsExactly("/v3/internet/list?{pageSize=1}", "/v3/internet/list?{pageSize=1}",
				"/v3/internet/send?{}");
	}

	/** A failing check of numbers must not keep purchases from being made. */
	@Test
	void theReadsBreakerHasNoSayInIt() {
		this.under.simulator().faults().next(Fault.errorBeforeCommit(), RequestMatch.onWord("balance")).always();
		IntStream.range(0, 30)
			.takeWhile((i) -> !this.under.breaker(Side.READ).equals("open"))
			.forEach((i) -> this.under.balance());
		assertThat(this.under.breaker(Side.READ)).isEqualTo("open");

		assertThat(this.under.send("a")).isInstanceOf(Outcome.Success.class);

		assertThat(this.under.breaker(Side.READ)).isEqualTo("open");
	}

	@Test
	void aReadIsItsOwnProbe() {
		this.under.simulator().refuseConnections(true);
		IntStream.range(0, 30)
			.takeWhile((i) -> !this.under.breaker(Side.READ).equals("open"))
			.forEach((i) -> this.under.balance());
		this.under.simulator().refuseConnections(false);
		this.under.clock().advance(Breakers.REST.plusMillis(1));

		assertThat(this.under.balance()).isInstanceOf(Outcome.Success.class);

		assertThat(asked()).containsExactly("/v3/account/balance?{}");
		assertThat(this.under.breaker(Side.READ)).isEqualTo("closed");
	}

	private List<String> asked() {
		return this.under.simulator()
			.requests()
			.all()
			.stream()
			.map((ReceivedRequest request) -> request.path() + "?" + request.query())
			.toList();
	}

}
