package dz.flexy.gateway.balance;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class BalanceTest {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private static final AccountId MAIN = new AccountId("main");

	private static final Account ACCOUNT = new Account(MAIN, new UpstreamKey("key"), 120, Duration.ofSeconds(60),
			KeyType.PRODUCTION, false);

	private static final BigDecimal COST = new BigDecimal("490");

	private final SettableClock clock = new SettableClock();

	private final Instant accepted = this.clock.instant();

	private Mono<BigDecimal> upstream = Mono.error(new IllegalStateException("upstream fails"));

	private int reads;

	private final Balance balance = new Balance((account) -> Mono.defer(() -> {
		this.reads++;
		return this.upstream;
	}), this.clock);

	@Test
	void passesWithoutReadingWhileNothingIsKnown() {
		holds("0");

		assertThat(refusal()).isEmpty();
		assertThat(this.reads).isZero();
	}

	@Test
	void passesWithoutReadingWhileTheLastBalanceSufficed() {
		known("490.00");
		holds("0");

		this.clock.advance(Duration.ofDays(1));

		assertThat(refusal()).isEmpty();
		assertThat(this.reads).isEqualTo(1);
	}

	@Test
	void refusesByABalanceOfFiveSeconds() {
		known("489.99");

		this.clock.advance(Duration.ofSeconds(5));
		Problem problem = refusal().orElseThrow();

		assertThat(problem.code()).isEqualTo("INSUFFICIENT_BALANCE");
		assertThat(problem.status()).isEqualTo(403);
		assertThat(problem.details()).containsEntry("required", COST)
			.containsEntry("available", new BigDecimal("489.99"))
			.containsEntry("moneyMayHaveMoved", false)
			.containsEntry("retrySafe", true);
		assertThat(this.reads).isEqualTo(1);
	}

	@Test
	void readsAnOlderBalanceAnew() {
		known("0");
		holds("1000");

		this.clock.advance(Duration.ofSeconds(5).plusNanos(1));

		assertThat(refusal()).isEmpty();
		assertThat(this.reads).isEqualTo(2);
	}

	@Test
	void readsABalanceFromBeforeTheAcceptanceAnew() {
		known("0");
		holds("1000");

		Instant later = this.clock.advance(Duration.ofNanos(1));

		assertThat(refusal(later)).isEmpty();
		assertThat(this.reads).isEqualTo(2);
	}

	@Test
	void readsABalanceFromBeforeTheLastMovementAnew() {
		known("0");
		holds("1000");

		this.clock.advance(Duration.ofNanos(1));
		this.balance.moved(MAIN);

		assertThat(refusal()).isEmpty();
		assertThat(this.reads).isEqualTo(2);
	}

	@Test
	void movementsOfAnotherAccountChangeNothing() {
		known("0");

		this.clock.advance(Duration.ofNanos(1));
		this.balance.moved(new AccountId("other"));

		assertThat(refusal()).isPresent();
		assertThat(this.reads).isEqualTo(1);
	}

	@Test
	void aFailedReadLetsItPass() {
		known("0");
		this.upstream = Mono.error(new IllegalStateException("upstream fails"));

		this.clock.advance(Duration.ofSeconds(6));

		assertThat(refusal()).isEmpty();
	}

	@Test
	void aReadOfMoreThanTwoSecondsLetsItPass() {
		known("0");
		this.upstream = Mono.never();
		this.clock.advance(Duration.ofSeconds(6));

		StepVerifier.withVirtualTime(() -> this.balance.refusal(ACCOUNT, COST, this.accepted))
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(2).minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.expectNext(Optional.empty())
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void showsABalanceOfFifteenSeconds() {
		known("10");
		holds("20");

		this.clock.advance(Duration.ofSeconds(15));
		assertThat(shown()).isEqualByComparingTo("10");

		this.clock.advance(Duration.ofNanos(1));
		assertThat(shown()).isEqualByComparingTo("20");
	}

	/** Callers ask before each send. */
	@Test
	void aMovementCostsNoReadingForWhoIsShownTheBalance() {
		known("10");
		holds("20");

		this.clock.advance(Duration.ofNanos(1));
		this.balance.moved(MAIN);

		assertThat(shown()).isEqualByComparingTo("10");
		assertThat(this.reads).isEqualTo(1);
	}

	@Test
	void showsTheLastKnownForFiveMinutesWhileItCannotBeRead() {
		known("10");
		this.upstream = Mono.error(new IllegalStateException("upstream fails"));

		this.clock.advance(Duration.ofMinutes(5));
		assertThat(shown()).isEqualByComparingTo("10");
		assertThat(this.reads).isEqualTo(2);

		this.clock.advance(Duration.ofMillis(1));
		StepVerifier.create(this.balance.shown(MAIN)).expectErrorMessage("upstream fails").verify(LIMIT);
	}

	@Test
	void showsTheFailureOfTheReading() {
		StepVerifier.create(this.balance.shown(MAIN)).expectErrorMessage("upstream fails").verify(LIMIT);
	}

	private void holds(String amount) {
		this.upstream = Mono.just(new BigDecimal(amount));
	}

	private void known(String amount) {
		holds(amount);
		shown();
	}

	private BigDecimal shown() {
		return this.balance.shown(MAIN).blockOptional(LIMIT).orElseThrow();
	}

	private Optional<Problem> refusal() {
		return refusal(this.accepted);
	}

	private Optional<Problem> refusal(Instant notBefore) {
		return this.balance.refusal(ACCOUNT, COST, notBefore).blockOptional(LIMIT).orElseThrow();
	}

}
