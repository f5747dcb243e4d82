package dz.flexy.gateway.reconciliation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.upstream.Movement;
import dz.flexy.gateway.upstream.MovementPage;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupPage;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Reads the upstream's books, a page at a time, each an ordinary call of the last lane. A
 * row that is added while they are read moves others to the next page, where they are
 * read twice and count once. A row that goes away may hide another: nothing is believed
 * absent before it was asked for by its id, and the next comparisons read the same time
 * again.
 */
@Component
class UpstreamBooks {

	/** Bounds how far a page can shift, and how deep the upstream has to count. */
	private static final Duration SLICE = Duration.ofHours(12);

	/** No account makes so many rows in a slice: 120 calls a minute would not do. */
	private static final int MOST_PAGES = 1000;

	/** So often a page is read that the upstream fails to give. */
	private static final int MOST_FAILURES = 3;

	/** So often a page waits because nothing could be asked: no permit, no connection. */
	private static final int MOST_WAITS = 10;

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

	private final Upstream upstream;

	private final BookStore books;

	private final Duration pause;

	UpstreamBooks(Upstream upstream, BookStore books, ReconciliationProperties properties) {
		this.upstream = upstream;
		this.books = books;
		this.pause = properties.pause();
	}

	/**
	 * Reads all lists and the ledger. What cannot be read is noted in the pass; it never
	 * fails for it.
	 */
	Mono<Void> read(Pass pass) {
		Flux<Void> lists = Flux.fromIterable(Family.SOLD)
			.concatMap((family) -> part(pass, family, (slice) -> list(pass, family, slice)));
		return lists
			.thenMany(pass.hasLedger() ? part(pass, Family.OTHER, (slice) -> ledger(pass, slice)) : Flux.empty())
			.then();
	}

	/**
	 * One order as the upstream shows it now; empty if it says that there is none.
	 * @return fails with {@link Unread}
	 */
	Mono<Optional<Topup>> order(Pass pass, Family family, String upstreamId) {
		return value(() -> this.upstream.topup(pass.call(), family, upstreamId).map(UpstreamBooks::orAbsent), 0, 0);
	}

	Duration pause() {
		return this.pause;
	}

	private static Outcome<Optional<Topup>> orAbsent(Outcome<Topup> outcome) {
		return switch (outcome) {
			case Outcome.Success<Topup> success -> new Outcome.Success<>(Optional.of(success.value()), "-");
			case Outcome.Refused<Topup> refused when refused.refusal().is(ErrorCode.NOT_FOUND) ->
				new Outcome.Success<>(Optional.empty(), "-");
			default -> outcome.retyped();
		};
	}

	private static Flux<Void> part(Pass pass, Family family, Function<Slice, Mono<Void>> read) {
		return Flux.fromIterable(slices(pass.run())).concatMap(read).onErrorResume(Unread.class, (unread) -> {
			pass.unread(family, unread.reason());
			return Mono.empty();
		});
	}

	/** Newest first; ends are inclusive, so a row between two is read twice. */
	private static List<Slice> slices(Run run) {
		List<Slice> slices = new ArrayList<>();
		for (Instant end = run.to(); end.isAfter(run.from()); end = end.minus(SLICE)) {
			Instant begin = end.minus(SLICE);
			slices.add(new Slice(begin.isBefore(run.from()) ? run.from() : begin, end));
		}
		return slices;
	}

	private Mono<Void> list(Pass pass, Family family, Slice slice) {
		return pages((number) -> this
			.<TopupPage>value(() -> this.upstream.topups(pass.call(), family, slice.from(), slice.to(), number), 0, 0)
			.flatMap((page) -> {
				pass.count("listed", page.rows().size());
				if (page.unreadable() > 0) {
					pass.count("unreadable." + family.label(), page.unreadable());
				}
				Mono<?> stored = page.rows().isEmpty() ? Mono.empty()
						: this.books.addListed(pass.run(), family, page.rows());
				return stored.thenReturn(new Place(page.page(), page.totalPages()));
			}));
	}

	private Mono<Void> ledger(Pass pass, Slice slice) {
		return pages((number) -> this
			.<MovementPage>value(() -> this.upstream.movements(pass.call(), slice.from(), slice.to(), number), 0, 0)
			.flatMap((page) -> {
				page.unclear().forEach(pass::vague);
				pass.count("movements", page.rows().size());
				List<Movement> told = page.rows().stream().filter((row) -> tells(pass, row)).toList();
				Mono<?> stored = told.isEmpty() ? Mono.empty() : this.books.addMoved(pass.run(), told);
				return stored.thenReturn(new Place(page.page(), page.totalPages()));
			}));
	}

	/**
	 * A row in the reduced shape proves nothing (contract section 3.2): without what it
	 * was for no order of its family is judged by the ledger.
	 */
	private static boolean tells(Pass pass, Movement row) {
		if (row.family().isEmpty()) {
			return false;
		}
		boolean tells = row.id() != null && row.object() != null;
		if (!tells) {
			pass.vague(row.family().get());
		}
		return tells;
	}

	private static Mono<Void> pages(IntFunction<Mono<Place>> read) {
		return page(read, 1).expand((place) -> place.isLast() ? Mono.empty() : page(read, place.page() + 1)).then();
	}

	/** Another page than was asked for would be asked for again and again. */
	private static Mono<Place> page(IntFunction<Mono<Place>> read, int number) {
		return read.apply(number).<Place>handle((place, sink) -> {
			if (place.page() != number || number > MOST_PAGES) {
				sink.error(new Unread("page " + place.page() + " came for page " + number));
			}
			else {
				sink.next(place);
			}
		});
	}

	private <T> Mono<T> value(Supplier<Mono<Outcome<T>>> call, int failures, int waits) {
		return call.get().flatMap((outcome) -> switch (outcome) {
			case Outcome.Success<T> success -> Mono.just(success.value());
			case Outcome.NotSent<T> notSent when !notSent.ofKey() && waits < MOST_WAITS ->
				after(notSent.retryAfter(), () -> value(call, failures, waits + 1));
			case Outcome.NotSent<T> notSent -> Mono.error(new Unread(notSent.reason()));
			case Outcome.MayHaveActed<T> unclear when failures + 1 < MOST_FAILURES ->
				after(unclear.retryAfter().orElse(this.pause), () -> value(call, failures + 1, waits));
			case Outcome.MayHaveActed<T> unclear -> Mono.error(new Unread(unclear.reason()));
			case Outcome.Refused<T> refused -> Mono.error(new Unread("refused with " + refused.refusal().code()));
		});
	}

	private <T> Mono<T> after(Duration asked, Supplier<Mono<T>> then) {
		Duration wait = (asked.compareTo(LONGEST_WAIT) < 0) ? asked : LONGEST_WAIT;
		return Mono.delay((wait.compareTo(this.pause) > 0) ? wait : this.pause).then(Mono.defer(then));
	}

	private record Slice(Instant from, Instant to) {
	}

	private record Place(int page, int totalPages) {

		boolean isLast() {
			return this.page >= this.totalPages;
		}

	}

}
