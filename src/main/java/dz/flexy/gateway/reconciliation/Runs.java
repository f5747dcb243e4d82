package dz.flexy.gateway.reconciliation;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

import dz.flexy.gateway.account.Account;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Runs comparisons, one of an account at a time, and writes down what came of each. */
@Component
class Runs {

	private static final Logger log = LoggerFactory.getLogger(Runs.class);

	/**
	 * 10,000 pages of the last lane's own share would take longer; but at some hour of
	 * the day the others leave some of theirs.
	 */
	private static final Duration LONGEST_RUN = Duration.ofHours(24);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final RunStore store;

	private final BookStore books;

	private final Reconciliation reconciliation;

	private final MeterRegistry meters;

	private final JsonMapper json;

	private final Duration longest;

	@Autowired
	Runs(RunStore store, BookStore books, Reconciliation reconciliation, MeterRegistry meters, JsonMapper json) {
		this(store, books, reconciliation, meters, json, LONGEST_RUN);
	}

	/**
	 * Of runs of another length.
	 * @param longest after which a run is broken off
	 */
	Runs(RunStore store, BookStore books, Reconciliation reconciliation, MeterRegistry meters, JsonMapper json,
			Duration longest) {
		this.store = store;
		this.books = books;
		this.reconciliation = reconciliation;
		this.meters = meters;
		this.json = json;
		this.longest = longest;
	}

	/**
	 * Compares an account's books if that is due. Only the holder of the account's lease
	 * may: what it finds running is broken off.
	 * @return completes when it is done; cancelling breaks it off
	 */
	Mono<Void> runIfDue(Account account) {
		return this.store.isDue(account.id())
			.timeout(PATIENCE)
			.filter((due) -> due)
			.flatMap((due) -> this.store.breakOff(account.id())
				.then(this.books.clear(account.id()))
				.then(this.store.begin(account.id())))
			.flatMap((run) -> run(new Pass(run, account)));
	}

	/**
	 * Makes comparisons due.
	 * @param accounts whose books
	 * @return completes when noted, with the names of those whose books are being
	 * compared already
	 */
	Flux<String> ask(Collection<Account> accounts) {
		return Flux.fromIterable(accounts)
			.concatMap((account) -> this.store.ask(account.id())
				.filter((running) -> running)
				.map((running) -> account.id().value()));
	}

	/** What it read is forgotten also if it fails. */
	private Mono<Void> run(Pass pass) {
		return this.reconciliation.compare(pass)
			.timeout(this.longest, Mono.error(() -> new Unread("not done within " + this.longest.toHours() + " h")))
			.then(Mono.fromSupplier(pass::whatIsUnread))
			.onErrorResume((failure) -> Mono
				.just(Optional.of((failure instanceof Unread unread) ? unread.reason() : failure.toString())))
			.flatMap((unread) -> finish(pass, unread))
			.then(this.books.clear(pass.account().id()));
	}

	private Mono<Boolean> finish(Pass pass, Optional<String> unread) {
		return this.store.finish(pass.run(), unread, this.json.writeValueAsString(pass.counts()))
			.doOnError((failure) -> count(pass, false))
			.doOnNext((finished) -> {
				unread.ifPresent(
						(why) -> log.warn("books of account {} were compared in part: {}", pass.account().id(), why));
				count(pass, finished && unread.isEmpty());
			});
	}

	private void count(Pass pass, boolean complete) {
		ReconciliationMeter.RUNS
			.counter(this.meters, "account", pass.account().id().value(), "complete", Boolean.toString(complete))
			.increment();
	}

}
