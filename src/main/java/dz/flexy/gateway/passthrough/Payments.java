package dz.flexy.gateway.passthrough;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.SendStop;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestId;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Onward;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Passed;
import dz.flexy.gateway.upstream.PayingRelay;
import dz.flexy.gateway.upstream.Reply;
import dz.flexy.gateway.upstream.Upstream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Passes payments on, each at most once: its row is committed as the last step before the
 * first byte, and what became of it is stored whether or not the caller still waits.
 */
@Component
class Payments {

	private static final Logger log = LoggerFactory.getLogger(Payments.class);

	/** For a permit. */
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

	/** The first byte leaves within this time after the commit began, or never. */
	private static final Duration SEND_WITHIN = Duration.ofSeconds(2);

	/** Beyond the last possible answer, for the commit of what came of it. */
	private static final Duration MARGIN = Duration.ofSeconds(30);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final Retry AGAIN = Retry.backoff(3, Duration.ofMillis(200));

	/** How far its commit got. */
	private enum Commit {

		NONE, BEGUN, STOPPED, DONE

	}

	private final PaymentStore store;

	private final PayingRelay relay;

	private final SecureRandom random;

	private final JsonMapper json;

	private final Duration overdue;

	Payments(PaymentStore store, PayingRelay relay, Upstream upstream, SecureRandom random, JsonMapper json) {
		this.store = store;
		this.relay = relay;
		this.random = random;
		this.json = json;
		this.overdue = SEND_WITHIN.plus(upstream.longestAnswer()).plus(MARGIN);
	}

	/**
	 * Passes one on.
	 * @return the upstream's own answer; fails with 504 if that was lost, and with 503 if
	 * nothing was sent. Once subscribed it runs to its end: a cancel only stops the
	 * waiting
	 */
	Mono<Reply> make(Caller caller, Account account, Endpoint endpoint, Onward onward, Body body) {
		return Mono.deferContextual((context) -> {
			Payment payment = Payment.of(id(), account.id(), caller.id(), endpoint, body, RequestId.of(context));
			Mono<Reply> work = made(payment, Call.send(account, LONGEST_WAIT), onward, body);
			return Mono.fromFuture(work.contextWrite(context).toFuture(), true);
		});
	}

	private Mono<Reply> made(Payment payment, Call call, Onward onward, Body body) {
		AtomicReference<Commit> progress = new AtomicReference<>(Commit.NONE);
		Mono<Void> commit = Mono.defer(() -> {
			progress.set(Commit.BEGUN);
			return this.store.begin(payment, this.overdue)
				.doOnError(Problem.class, (stopped) -> progress.set(Commit.STOPPED));
		}).doOnSuccess((committed) -> progress.set(Commit.DONE));
		return this.relay.pay(call, onward, body.sent().bytes(), commit, SEND_WITHIN)
			.flatMap((passed) -> stored(payment, passed, progress.get()).then(told(payment, passed, progress.get())));
	}

	/** Never fails: the row is given up later if nothing can be stored now. */
	private Mono<Void> stored(Payment payment, Passed passed, Commit commit) {
		if (commit == Commit.NONE || commit == Commit.STOPPED) {
			return Mono.empty();
		}
		Ending ending = Ending.of(passed, this.json);
		return this.store.end(payment, ending).timeout(PATIENCE).retryWhen(AGAIN).onErrorResume((failure) -> {
			log.error("payment {} ended {} but that is not stored: {}", payment.id(), ending.state(),
					failure.toString());
			return Mono.empty();
		});
	}

	private static Mono<Reply> told(Payment payment, Passed passed, Commit commit) {
		Optional<Problem> lost = (passed.outcome() instanceof Outcome.MayHaveActed<?> && passed.reply().isEmpty())
				? Optional.of(lost(payment)) : Optional.empty();
		Optional<Problem> notStored = (passed.outcome() instanceof Outcome.NotSent<?> && commit == Commit.BEGUN)
				? Optional.of(notStored()) : Optional.empty();
		Optional<Problem> stopped = (commit == Commit.STOPPED) ? Optional.of(SendStop.refusal()) : Optional.empty();
		return lost.or(() -> notStored)
			.or(() -> stopped)
			.<Mono<Reply>>map(Mono::error)
			.orElseGet(() -> Mono.fromSupplier(() -> Answers.replyOrThrow(passed)));
	}

	private static Problem lost(Payment payment) {
		return Problem
			.of(ErrorCode.ANSWER_LOST, "the upstream's answer was lost: the payment may have been made; look it up")
			.detail("paymentId", payment.id())
			.detail("ref", payment.ref())
			.detail("transactionId", payment.transactionId())
			.money(true, false);
	}

	private static Problem notStored() {
		return Problem.of(ErrorCode.STORE_UNAVAILABLE, "the payment could not be stored; nothing was sent")
			.money(false, true);
	}

	private String id() {
		byte[] id = new byte[12];
		this.random.nextBytes(id);
		return HexFormat.of().formatHex(id);
	}

}
