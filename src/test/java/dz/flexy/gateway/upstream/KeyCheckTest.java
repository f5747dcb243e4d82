package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.KeyScope;
import dz.flexy.gateway.simulator.KeyType;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** The simulator's log is the judge: a few bad keys would block the address. */
class KeyCheckTest {

	private static final String KEY = "gateway.upstream.accounts.main.api-key";

	/** The first call is looked at, and that of a cold process is slow. */
	private static final Map<String, Object> PATIENT = Map.of("gateway.upstream.connect-timeout", "5s",
			"gateway.upstream.acquire-timeout", "5s", "gateway.upstream.response-timeout", "10s");

	@Test
	void asksOnceHoweverManyWait() {
		try (UpstreamUnderTest under = start()) {
			List<Outcome<BigDecimal>> outcomes = Flux.range(0, 5)
				.flatMap((i) -> under.upstream().balance(Call.refresh(under.account())))
				.collectList()
				.block(Duration.ofSeconds(20));

			assertThat(outcomes).hasSize(5).allMatch(Outcome.Success.class::isInstance);
			assertThat(under.requests("validate")).isEqualTo(1);
		}
	}

	@Test
	void aKeyThatPassedIsNotAskedAboutAgain() {
		try (UpstreamUnderTest under = start()) {
			under.balance();
			under.restart("gateway.upstream.accounts.main.limit", 100);
			under.balance();

			assertThat(under.requests("validate")).isEqualTo(1);
		}
	}

	@Test
	void aWrongKeyIsShownOnce() {
		try (UpstreamUnderTest under = start(KEY, "wrong")) {
			assertBarred(under.send("a"));
			assertBarred(under.balance());
			assertBarred(under.send("b"));

			assertThat(under.simulator().requests().all()).hasSize(1);
		}
	}

	@Test
	void aWrongKeyIsNotShownAgainAfterARestart() {
		try (UpstreamUnderTest under = start(KEY, "wrong")) {
			under.send("a");
			under.restart(KEY, "wrong");
			assertBarred(under.send("b"));

			assertThat(under.simulator().requests().all()).hasSize(1);
		}
	}

	@Test
	void aNewKeyStartsOver() {
		try (UpstreamUnderTest under = start(KEY, "wrong")) {
			under.send("a");
			under.restart(KEY, "sim-key-1");

			assertThat(under.send("b")).isInstanceOf(Outcome.Success.class);
		}
	}

	@Test
	void aStoppedKeyIsTriedAgainAfterFifteenMinutes() {
		try (UpstreamUnderTest under = start(KEY, "wrong")) {
			under.send("a");

			under.clock().advance(Duration.ofMinutes(15).minusMillis(1));
			assertBarred(under.send("b"));
			assertThat(under.simulator().requests().all()).hasSize(1);

			under.clock().advance(Duration.ofMillis(1));
			assertBarred(under.send("c"));
			assertThat(under.simulator().requests().all()).hasSize(2);
		}
	}

	@Test
	void aKeyOfAnotherTypeThanDeclaredStops() {
		try (UpstreamUnderTest under = start("gateway.upstream.accounts.main.type", "SANDBOX")) {
			assertBarred(under.send("a"));
			assertBarred(under.balance());

			assertThat(under.simulator().requests().all()).hasSize(1);
			assertThat(under.standing()).isInstanceOfSatisfying(Standing.Stopped.class,
					(stopped) -> assertThat(stopped.reason()).contains("gateway.upstream.accounts.main.type is SANDBOX",
							"the key is PRODUCTION"));
		}
	}

	@Test
	void aDisabledKeyStops() {
		try (UpstreamUnderTest under = start()) {
			under.simulator().account("sim-key-1").setKeyEnabled(false);

			assertBarred(under.balance());
			assertBarred(under.balance());

			assertThat(under.simulator().requests().all()).hasSize(1);
		}
	}

	@Test
	void aReadOnlyKeyReadsButNeverSends() {
		UpstreamSimulator simulator = UpstreamSimulator.builder()
			.account("sim-key-1", "shop", KeyType.PRODUCTION, KeyScope.READ_ONLY, BigDecimal.TEN)
			.start();
		try (UpstreamUnderTest under = new UpstreamUnderTest(simulator, PATIENT)) {
			assertBarred(under.send("a"));
			assertThat(under.balance()).isInstanceOf(Outcome.Success.class);

			assertThat(under.simulator().requests().sends()).isEmpty();
		}
	}

	@Test
	void aKeyRevokedLaterIsShownOnceMore() {
		try (UpstreamUnderTest under = start()) {
			under.balance();
			under.simulator().account("sim-key-1").setKeyRevoked(true);
			under.simulator().requests().clear();

			assertBarred(under.send("a"));
			assertBarred(under.send("b"));
			assertBarred(under.balance());

			assertThat(under.simulator().requests().all()).hasSize(1);
			assertThat(under.standing()).isInstanceOf(Standing.Stopped.class);
		}
	}

	/** The burst is used up, so each waits for its permit while the first is refused. */
	@Test
	void sendsThatWaitedMeanwhileDoNotShowTheKeyAgain() {
		try (UpstreamUnderTest under = start("gateway.upstream.accounts.main.limit", 30)) {
			under.balance();
			under.simulator().account("sim-key-1").setKeyRevoked(true);
			under.simulator().requests().clear();

			List<Outcome<Receipt>> outcomes = Flux.range(0, 4)
				.flatMap((i) -> under.send("waiting-" + i, Mono.empty()))
				.collectList()
				.block(Duration.ofSeconds(20));

			assertThat(outcomes).hasSize(4).allMatch(Outcome.NotSent.class::isInstance);
			assertThat(under.simulator().requests().all()).hasSize(1);
		}
	}

	@Test
	void anyUnauthorizedAnswerStopsWhateverItsCode() {
		try (UpstreamUnderTest under = start()) {
			under.balance();
			under.simulator().faults().next(Fault.refused(401, "TOKEN_EXPIRED"), RequestMatch.onAny()).always();
			under.simulator().requests().clear();

			assertBarred(under.balance());
			assertBarred(under.balance());

			assertThat(under.simulator().requests().all()).hasSize(1);
		}
	}

	/** Nothing of the check's own fate may be taken for that of the purchase. */
	@Test
	void nothingIsSentWhileTheKeyCannotBeChecked() {
		for (Fault fault : List.of(Fault.unavailableBeforeCommit(), Fault.resetAfterCommit(), Fault.truncatedJson(),
				Fault.refused(404, "NOT_FOUND"))) {
			try (UpstreamUnderTest under = start()) {
				under.simulator().faults().next(fault, RequestMatch.onWord("validate")).times(2);

				assertThat(under.send("a")).as(fault.name()).isInstanceOf(Outcome.NotSent.class);
				assertThat(under.upstream()
					.topupByRef(Call.settle(under.account()), Family.INTERNET, "a")
					.block(Duration.ofSeconds(20))).as(fault.name()).isInstanceOf(Outcome.NotSent.class);
				assertThat(under.simulator().requests().sends()).isEmpty();
				assertThat(under.send("b")).as(fault.name()).isInstanceOf(Outcome.Success.class);
			}
		}
	}

	private static UpstreamUnderTest start() {
		return UpstreamUnderTest.start(PATIENT);
	}

	private static UpstreamUnderTest start(String setting, Object value) {
		Map<String, Object> settings = new HashMap<>(PATIENT);
		settings.put(setting, value);
		return UpstreamUnderTest.start(settings);
	}

	private static void assertBarred(Outcome<?> outcome) {
		assertThat(outcome).isInstanceOfSatisfying(Outcome.NotSent.class, (notSent) -> {
			assertThat(notSent.fault()).isEqualTo(dz.flexy.gateway.upstream.Fault.GATEWAY);
			assertThat(notSent.retryAfter()).isBetween(Duration.ofMillis(1), Duration.ofMinutes(15));
		});
	}

}
