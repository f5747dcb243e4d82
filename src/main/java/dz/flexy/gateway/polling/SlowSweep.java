package dz.flexy.gateway.polling;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderTraces;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.orders.Stretch;
import dz.flexy.gateway.problem.Spans;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupPage;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Follows the orders that the upstream settles in hours, however many there are, in a
 * {@link Share} of the account's calls. A page of the list answers for a hundred, so
 * stretches of time in which many were sent are read page by page, and single orders by
 * their ids. What is seen is noted page by page, so whoever takes over goes on there.
 */
@Component
class SlowSweep {

	/** A page that cannot be read so often in a row is passed over. */
	private static final int TRIES = 3;

	/** Rows of a page. */
	private static final int ROWS = 100;

	private final Orders orders;

	private final ListPages pages;

	private final Look look;

	private final OrderTraces traces;

	private final Spans spans;

	private final MeterRegistry meters;

	private final Share share;

	private final Map<AccountId, Course> courses = new ConcurrentHashMap<>();

	SlowSweep(Orders orders, ListPages pages, Look look, OrderTraces traces, Spans spans, MeterRegistry meters,
			Clock clock) {
		this.orders = orders;
		this.pages = pages;
		this.look = look;
		this.traces = traces;
		this.spans = spans;
		this.meters = meters;
		this.share = new Share(clock);
	}

	/**
	 * Makes the calls that are left, or those that are due if they are fewer. One at a
	 * time for each account.
	 * @param lease held while this runs; its token fences every write
	 * @return completes when they are made; also where the upstream did not answer
	 */
	Mono<Void> run(Account account, Lease lease) {
		Course course = this.courses.computeIfAbsent(account.id(), (id) -> new Course());
		return Mono.defer(() -> step(account, lease, course)).repeat().takeWhile((made) -> made).then();
	}

	/** Emits whether a call was made that may be followed by another. */
	private Mono<Boolean> step(Account account, Lease lease, Course course) {
		return !this.share.isLeft(account) ? Mono.just(false)
				: Flux.fromIterable(course.turns()).concatMap((family) -> Mono.defer(() -> {
					course.tried(family);
					return counted(Pass.begin(account, family, lease), course);
				})).next().flatMap((call) -> {
					this.share.take(account);
					return call;
				}).defaultIfEmpty(false);
	}

	private Mono<Mono<Boolean>> counted(Pass pass, Course course) {
		return call(pass, course).map((call) -> call.doOnTerminate(() -> PollingMeter.orders(this.meters, "slow",
				pass.family(), pass.found().get(), pass.missed().get())));
	}

	/** Emits the next call, if one is due. */
	private Mono<Mono<Boolean>> call(Pass pass, Course course) {
		Reading reading = course.reading(pass.family());
		if (reading == null) {
			return begin(pass, course);
		}
		return (reading.page() > 0) ? Mono.just(page(pass, course, reading))
				: alone(pass, course, reading).switchIfEmpty(Mono.defer(() -> begin(pass, course)));
	}

	private Mono<Mono<Boolean>> begin(Pass pass, Course course) {
		course.end(pass.family());
		return this.orders.toFollowSlowly(account(pass), pass.family())
			.map((stretch) -> (stretch.orders() > 1) ? Reading.begin(stretch) : Reading.alone(stretch, 1))
			.flatMap((reading) -> (reading.page() > 0) ? Mono.just(page(pass, course, reading))
					: alone(pass, course, reading));
	}

	/** Emits the call for the next order that no page has shown, if one may be read. */
	private Mono<Mono<Boolean>> alone(Pass pass, Course course, Reading reading) {
		return (reading.reads() == 0) ? Mono.empty()
				: this.orders.toFollowSlowly(account(pass), pass.family(), reading.stretch())
					.map((order) -> traced(pass, reading, List.of(order), alone(pass, course, reading, order)));
	}

	private Mono<Boolean> alone(Pass pass, Course course, Reading reading, Order order) {
		return this.look.byId(pass, List.of(order))
			.collectList()
			.flatMap((unchanged) -> this.orders.seenUnchanged(unchanged, pass.token()))
			.then(Mono.fromSupplier(() -> {
				if (pass.unasked().get() > 0) {
					return false;
				}
				// One that is alone in its stretch is looked for in no list.
				pass.missed().addAndGet((reading.stretch().orders() > 1) ? 1 : 0);
				course.goOn(pass.family(), Reading.alone(reading.stretch(), reading.reads() - 1));
				return true;
			}));
	}

	/** A span of no order's trace, linked to those of orders known before. */
	private Mono<Boolean> traced(Pass pass, Reading reading, List<Order> known, Mono<Boolean> call) {
		return this.spans.job("slow sweep", pass.tags(reading.stretch().orders()), Optional.empty(),
				this.traces.of(known), call);
	}

	private Mono<Boolean> page(Pass pass, Course course, Reading reading) {
		return traced(pass, reading, List.of(), read(pass, course, reading));
	}

	private Mono<Boolean> read(Pass pass, Course course, Reading reading) {
		return this.pages.sent(pass.call(), pass.family(), reading.stretch(), reading.page())
			.flatMap((outcome) -> switch (outcome) {
				case Outcome.Success<TopupPage> success ->
					told(pass, reading, success.value()).doOnNext((next) -> course.goOn(pass.family(), next))
						.thenReturn(true);
				default -> {
					// The budget's or the breaker's rest is not the page's fault.
					boolean rests = outcome instanceof Outcome.NotSent<?>;
					course.goOn(pass.family(), rests ? reading : reading.failed());
					yield Mono.just(false);
				}
			});
	}

	/** Emits how to go on. */
	private Mono<Reading> told(Pass pass, Reading reading, TopupPage page) {
		Map<String, Topup> rows = page.rows()
			.stream()
			.collect(Collectors.toMap(Topup::id, Function.identity(), (one, same) -> one));
		return this.orders.toFollowSlowly(account(pass), pass.family(), rows.keySet())
			.collectList()
			.flatMap((shown) -> {
				Map<Boolean, List<Order>> told = shown.stream()
					.collect(Collectors.partitioningBy((order) -> Sightings.tellsAll(pass.family(), row(order, rows))));
				List<Order> cardless = told.getOrDefault(false, List.of());
				List<Order> looked = Stream
					.concat(told.getOrDefault(true, List.of()).stream(), cardless.stream().limit(Look.MOST_READS))
					.toList();
				pass.found().addAndGet(looked.size());
				return shown(pass, looked, rows)
					.thenReturn((cardless.size() > Look.MOST_READS) ? reading.again() : reading.after(page));
			});
	}

	/** What a page shows is known after its call, so a span below has the links. */
	private Mono<Void> shown(Pass pass, List<Order> orders, Map<String, Topup> rows) {
		Mono<Void> looks = Flux.fromIterable(orders)
			.flatMap((order) -> this.look.listed(pass, order, row(order, rows)), Look.MOST_READS)
			.collectList()
			.flatMap((unchanged) -> this.orders.seenUnchanged(unchanged, pass.token()));
		return orders.isEmpty() ? looks : Mono.deferContextual((context) -> this.spans.job("slow sweep page",
				pass.tags(orders.size()), this.spans.current(context), this.traces.of(orders), looks));
	}

	@SuppressWarnings("NullAway") // it was found by its row
	private static Topup row(Order order, Map<String, Topup> rows) {
		return rows.get(order.upstreamId());
	}

	private static AccountId account(Pass pass) {
		return pass.call().account().id();
	}

	/**
	 * How far a stretch is read.
	 *
	 * @param stretch of time
	 * @param page next to be read; 0 if the list is of no further use
	 * @param pages how many there are, as last told; until then as many as its orders
	 * fill
	 * @param failures of that page in a row
	 * @param reads of single orders that may still be made
	 */
	private record Reading(Stretch stretch, int page, int pages, int failures, int reads) {

		static Reading begin(Stretch stretch) {
			return new Reading(stretch, 1, Math.ceilDiv(stretch.orders(), ROWS), 0, 0);
		}

		static Reading alone(Stretch stretch, int reads) {
			return new Reading(stretch, 0, 0, 0, reads);
		}

		Reading again() {
			return new Reading(this.stretch, this.page, this.pages, 0, 0);
		}

		Reading failed() {
			return (this.failures + 1 < TRIES) ? new Reading(this.stretch, this.page, this.pages, this.failures + 1, 0)
					: next(this.pages);
		}

		/** Where there are more pages than orders, those are read instead. */
		Reading after(TopupPage told) {
			boolean costly = told.totalPages() > this.stretch.orders();
			return costly ? next(0) : next(told.totalPages());
		}

		/**
		 * Never beyond the last page: what is said of those that follow is anybody's
		 * guess.
		 */
		private Reading next(int pages) {
			return (this.page < pages) ? new Reading(this.stretch, this.page + 1, pages, 0, 0)
					: alone(this.stretch, this.stretch.orders());
		}

	}

	/** What is being read of an account; the families take turns, call by call. */
	private static final class Course {

		private final Map<Family, Reading> readings = new ConcurrentHashMap<>();

		private volatile List<Family> turns = List.copyOf(Family.SOLD);

		List<Family> turns() {
			return this.turns;
		}

		@Nullable Reading reading(Family family) {
			return this.readings.get(family);
		}

		void goOn(Family family, Reading reading) {
			this.readings.put(family, reading);
		}

		/** Whatever comes of it, so that one that fails holds up no other. */
		void tried(Family family) {
			this.turns = Stream.concat(this.turns.stream().filter((other) -> other != family), Stream.of(family))
				.toList();
		}

		void end(Family family) {
			this.readings.remove(family);
		}

	}

}
