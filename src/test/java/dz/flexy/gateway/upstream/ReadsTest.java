package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Which calls are made a second time, and when; over real HTTP. */
class ReadsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final RequestMatch BALANCE = RequestMatch.onWord("balance");

	private final UpstreamUnderTest under = UpstreamUnderTest.start();

	@BeforeEach
	void passTheKeyCheck() {
		assertThat(this.under.passTheKeyCheck()).isInstanceOf(Outcome.Success.class);
		this.under.simulator().requests().clear();
	}

	@AfterEach
	void close() {
		this.under.close();
	}

	static Stream<Fault> failures() {
		return Stream.of(Fault.errorBeforeCommit(), Fault.htmlBeforeCommit(502), Fault.cutBeforeCommit(),
				Fault.resetBeforeCommit(), Fault.hangBeforeCommit(), Fault.truncatedJson(),
				Fault.unavailableFor(Duration.ofSeconds(1)));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void aLookupThatFailsIsRepeatedOnce(Fault failure) {
		this.under.simulator().faults().next(failure, BALANCE);

		assertThat(lookup(Duration.ofSeconds(10))).isInstanceOf(Outcome.Success.class);

		assertThat(this.under.requests("balance")).isEqualTo(2);
		assertThat(this.under.counted(Side.READ, "failed")).isEqualTo(1);
	}

	@Test
	void notMoreThanOnce() {
		this.under.simulator().faults().next(Fault.errorBeforeCommit(), BALANCE).always();

		assertThat(lookup(Duration.ofSeconds(10))).isInstanceOf(Outcome.MayHaveActed.class);

		assertThat(this.under.requests("balance")).isEqualTo(2);
		assertThat(this.under.counted(Side.READ, "failed")).isEqualTo(2);
	}

	@ParameterizedTest
	@MethodSource("failures")
	void aSendIsMadeOnceWhateverBecomesOfIt(Fault failure) {
		this.under.simulator().faults().next(failure, RequestMatch.onSend()).always();

		assertThat(this.under.send("a")).isInstanceOf(Outcome.MayHaveActed.class);

		assertThat(this.under.requests("send")).isEqualTo(1);
	}

	static Stream<Function<Account, Call>> othersThanLookups() {
		return Stream.of(Call::refresh, Call::track, Call::settle, (account) -> Call.send(account, PATIENCE));
	}

	@ParameterizedTest
	@MethodSource("othersThanLookups")
	void readsThatNobodyWaitsForOrThatBelongToASendAreNotRepeated(Function<Account, Call> lane) {
		this.under.simulator().faults().next(Fault.errorBeforeCommit(), BALANCE).always();

		this.under.upstream().balance(lane.apply(this.under.account())).block(PATIENCE);

		assertThat(this.under.requests("balance")).isEqualTo(1);
	}

	static Stream<Fault> answers() {
		return Stream.of(Fault.refused(400, "ERR_PHONE"), Fault.refused(404, "NOT_FOUND"),
				Fault.refused(418, "UNHEARD_OF"), Fault.refused(401, "INVALID_ACCESS_TOKEN"),
				Fault.limited(Duration.ofSeconds(1)));
	}

	@ParameterizedTest
	@MethodSource("answers")
	void whatIsNoFailureIsNotRepeated(Fault answer) {
		this.under.simulator().faults().next(answer, BALANCE);

		lookup(Duration.ofSeconds(10));

		assertThat(this.under.requests("balance")).isEqualTo(1);
	}

	@Test
	void theRepeatWaitsAsLongAsTheAnswerAsks() {
		this.under.simulator().faults().next(Fault.unavailableFor(Duration.ofSeconds(2)), BALANCE);

		lookup(Duration.ofSeconds(10));

		List<Instant> times = this.under.simulator()
			.requests()
			.where(BALANCE)
			.stream()
			.map(ReceivedRequest::at)
			.toList();
		assertThat(Duration.between(times.getFirst(), times.getLast())).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void aPauseThatDoesNotFitIsNotWaitedFor() {
		this.under.simulator().faults().next(Fault.unavailableFor(Duration.ofSeconds(10)), BALANCE);

		assertThat(lookup(Duration.ofSeconds(10))).isEqualTo(
				new Outcome.MayHaveActed<>("answer 503 SERVICE_UNAVAILABLE", Optional.of(Duration.ofSeconds(10))));

		assertThat(this.under.requests("balance")).isEqualTo(1);
	}

	@Test
	void aRefusedConnectionIsTriedAgain() {
		this.under.simulator().refuseConnections(true);

		assertThat(lookup(Duration.ofSeconds(10))).isInstanceOf(Outcome.NotSent.class);

		assertThat(this.under.counted(Side.READ, "failed")).isEqualTo(2);
	}

	@Test
	void anOpenBreakerIsNotTriedAgain() {
		this.under.simulator().refuseConnections(true);
		for (int i = 0; i < 30 && !this.under.breaker(Side.READ).equals("open"); i++) {
			this.under.balance();
		}
		this.under.simulator().refuseConnections(false);

		lookup(Duration.ofSeconds(10));

		assertThat(this.under.meters()
			.get("resilience4j.circuitbreaker.not.permitted.calls")
			.tags("side", "read")
			.counter()
			.count()).isEqualTo(1);
	}

	@ParameterizedTest
	@MethodSource("everyLane")
	void aPermitThatRanOutIsReplacedOnce(Function<Account, Call> lane) {
		this.under.beginLate(1);

		assertThat(balance(lane)).isInstanceOf(Outcome.Success.class);

		assertThat(this.under.requests("balance")).isOne();
		this.under.beginLate(2);

		assertThat(balance(lane)).isInstanceOfSatisfying(Outcome.NotSent.class,
				(notSent) -> assertThat(notSent.late()).isTrue());

		assertThat(this.under.requests("balance")).isOne();
		assertThat(this.under.counted(Side.READ, "failed")).isZero();
	}

	static Stream<Function<Account, Call>> everyLane() {
		return Stream.concat(othersThanLookups(), Stream.of((account) -> Call.lookup(account, PATIENCE)));
	}

	private Outcome<BigDecimal> balance(Function<Account, Call> lane) {
		return this.under.upstream().balance(lane.apply(this.under.account())).block(PATIENCE);
	}

	/**
	 * One call in more than four seconds. The first is free when the lookup begins, the
	 * repeat's not within the three that it may wait.
	 */
	@Test
	void theRepeatNeedsAPermitOfItsOwn() {
		try (UpstreamUnderTest poor = UpstreamUnderTest.start(Map.of("gateway.upstream.accounts.main.limit", 15))) {
			assertThat(poor.passTheKeyCheck()).isInstanceOf(Outcome.Success.class);
			poor.simulator().requests().clear();
			poor.simulator().faults().next(Fault.errorBeforeCommit(), BALANCE).always();
			Mono.delay(poor.upstream().timeFor(poor.account(), 0)).block(PATIENCE);

			Outcome<BigDecimal> outcome = poor.upstream()
				.balance(Call.lookup(poor.account(), Duration.ofSeconds(3)))
				.block(PATIENCE);

			assertThat(outcome).isInstanceOfSatisfying(Outcome.NotSent.class,
					(notSent) -> assertThat(notSent.reason()).isEqualTo("no permit in time"));
			assertThat(poor.requests("balance")).isOne();
		}
	}

	private Outcome<BigDecimal> lookup(Duration longestWait) {
		return this.under.upstream().balance(Call.lookup(this.under.account(), longestWait)).block(PATIENCE);
	}

}
