package dz.flexy.gateway.upstream;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.budget.Lane;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Asks the upstream about a key once, before anything else, and stops the account at the
 * first word against the key: a few bad ones block the address (contract section 2.2).
 */
@Component
class KeyCheck {

	static final String STOPPED = "account stopped: ";

	static final String READ_ONLY = "the key is READ-ONLY";

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

	private static final Duration BREATH = Duration.ofSeconds(5);

	private static final Request<Identity> VALIDATE = new Request<>("validate", Family.INTERNET, Side.READ,
			(uri) -> uri.path("/v3/validate").build(), ReadDecoder::identity);

	private final Map<AccountId, Mono<Outcome<Standing.Active>>> checks = new ConcurrentHashMap<>();

	private final Transport transport;

	private final Accounts accounts;

	private final Clock clock;

	KeyCheck(Transport transport, Accounts accounts, Clock clock) {
		this.transport = transport;
		this.accounts = accounts;
		this.clock = clock;
	}

	/**
	 * Whether the call may be made with its account's key. While the key is being asked
	 * about, here or in another replica, the call waits, at most as long as it would for
	 * a permit.
	 * @return exactly one: the upstream's words on the key, or why it may not be used
	 */
	Mono<Outcome<Standing.Active>> passed(Call call) {
		Outcome<Standing.Active> late = new Outcome.NotSent<>(Fault.GATEWAY, "the key is being checked", BREATH);
		return this.accounts.standing(call.account())
			.flatMap((standing) -> (standing instanceof Standing.Unverified)
					? check(call.account()).timeout(call.longestWait(), Mono.just(late))
					: told(call.account(), standing))
			.onErrorReturn(new Outcome.NotSent<>(Fault.GATEWAY, "the account's standing is not known", BREATH));
	}

	/** What is known without asking the upstream; empty unless sends would be refused. */
	Mono<Outcome.NotSent<Void>> stopped(Account account) {
		return this.accounts.standing(account).flatMap((standing) -> switch (standing) {
			case Standing.Stopped stopped -> Mono.just(KeyCheck.<Void>stopped(stopped, this.clock.instant()));
			case Standing.Active active when active.readOnly() -> Mono.just(KeyCheck.<Void>stopped(READ_ONLY));
			default -> Mono.<Outcome.NotSent<Void>>empty();
		}).onErrorComplete();
	}

	/**
	 * Fails if the account was stopped since the call {@link #passed}: it may have waited
	 * for its permit while another one's answer stopped the account.
	 */
	Mono<Void> stillPasses(Account account) {
		return stopped(account).flatMap((stopped) -> Mono.error(new KeyStopped(stopped.reason())));
	}

	/**
	 * Makes a call that moves money with a key that may pay, and heeds what becomes of
	 * it.
	 * @return what the call came to, or that it was not made
	 */
	<T> Mono<Outcome<T>> paying(Call call, Supplier<Mono<Outcome<T>>> pay) {
		return passed(call).flatMap((passed) -> switch (passed) {
			case Outcome.Success<Standing.Active> active when active.value().readOnly() ->
				Mono.just(KeyCheck.<T>stopped(READ_ONLY));
			case Outcome.Success<Standing.Active> active ->
				pay.get().flatMap((outcome) -> heed(call.account(), outcome));
			default -> Mono.just(passed.<T>retyped());
		});
	}

	/** Stops the account if the outcome says that its key is refused. */
	<T> Mono<Outcome<T>> heed(Account account, Outcome<T> outcome) {
		if (!(outcome instanceof Outcome.NotSent<T> notSent) || !KeyErrors.isOne(notSent.reason())) {
			return Mono.just(outcome);
		}
		Mono<Void> stop = KeyErrors.blocksAddress(notSent.reason()) ? this.accounts.blocked(account, notSent.reason())
				: this.accounts.refused(account, notSent.reason());
		return stop.onErrorComplete().thenReturn(outcome);
	}

	private Mono<Outcome<Standing.Active>> told(Account account, Standing standing) {
		return switch (standing) {
			case Standing.Active active -> Mono.just(new Outcome.Success<>(active, "-"));
			case Standing.Stopped stopped -> Mono.just(stopped(stopped, this.clock.instant()));
			case Standing.Unverified unverified -> validate(account);
		};
	}

	/** One check however many wait for it, here and in the other replicas. */
	private Mono<Outcome<Standing.Active>> check(Account account) {
		return this.checks.computeIfAbsent(account.id(),
				(id) -> this.accounts.inTurn(account, (standing) -> told(account, standing))
					.doOnTerminate(() -> this.checks.remove(id))
					.cache());
	}

	private Mono<Outcome<Standing.Active>> validate(Account account) {
		return this.transport.read(new Call(account, Lane.SEND, LONGEST_WAIT), VALIDATE)
			.flatMap((outcome) -> heed(account, outcome))
			.flatMap((outcome) -> (outcome instanceof Outcome.Success<Identity> success)
					? judge(account, success.value()) : Mono.just(unchecked(outcome)));
	}

	/**
	 * What became of the check says nothing of the call that waits for it, except that it
	 * was not made.
	 */
	private static Outcome<Standing.Active> unchecked(Outcome<Identity> outcome) {
		return (outcome instanceof Outcome.NotSent<?>) ? outcome.retyped()
				: new Outcome.NotSent<>(Fault.UPSTREAM, "the key could not be checked", BREATH);
	}

	private Mono<Outcome<Standing.Active>> judge(Account account, Identity identity) {
		if (!identity.enabled()) {
			return refuse(account, "the key is disabled");
		}
		if (!identity.type().equals(account.type().name())) {
			return refuse(account, "gateway.upstream.accounts." + account.id() + ".type is " + account.type()
					+ " but the key is " + identity.type());
		}
		Standing.Active active = new Standing.Active(identity.username(), identity.scope().equals("READ-ONLY"));
		return this.accounts.activate(account, active).thenReturn(new Outcome.Success<>(active, "-"));
	}

	private Mono<Outcome<Standing.Active>> refuse(Account account, String reason) {
		return this.accounts.stop(account, reason).thenReturn(stopped(reason));
	}

	static <T> Outcome.NotSent<T> stopped(String reason) {
		return stopped(reason, Accounts.REST);
	}

	static <T> Outcome.NotSent<T> stopped(Standing.Stopped stopped, Instant now) {
		return stopped(stopped.reason(), Duration.between(now, stopped.until()));
	}

	private static <T> Outcome.NotSent<T> stopped(String reason, Duration left) {
		return new Outcome.NotSent<>(Fault.GATEWAY, STOPPED + reason, left);
	}

}
