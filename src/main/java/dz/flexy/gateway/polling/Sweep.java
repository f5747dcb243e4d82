package dz.flexy.gateway.polling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.Upstream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Looks once at every order that is due, with as few calls as it takes. */
@Component
class Sweep {

	private static final int MOST_ORDERS = 1000;

	/**
	 * An older order is looked at less often, and in a window of its own: it would
	 * stretch that of the young ones, which is read at every beat, by many pages.
	 */
	private static final Duration YOUNG = Duration.ofMinutes(2);

	/** Orders further apart than this are looked up in windows of their own. */
	private static final Duration WIDEST_GAP = Duration.ofMinutes(10);

	/**
	 * So many are read alone in one sweep at most, the oldest first: the others wait for
	 * the next one, so that a sweep never takes much longer than a beat.
	 */
	private static final int MOST_READS = 8;

	/** Where the list cannot be read, so many of the oldest are looked at one by one. */
	private static final int MOST_ALONE = 3;

	private static final Logger log = LoggerFactory.getLogger(Sweep.class);

	private final Orders orders;

	private final Upstream upstream;

	private final ListPages pages;

	private final Sightings sightings;

	Sweep(Orders orders, Upstream upstream, ListPages pages, Sightings sightings) {
		this.orders = orders;
		this.upstream = upstream;
		this.pages = pages;
		this.sightings = sightings;
	}

	/**
	 * Emits when all were looked at; no call is made if none is due.
	 * @param lease held while this runs; its token fences every write, so that a sweeper
	 * that was frozen past its lease changes nothing that the next one has looked at
	 */
	Mono<Swept> run(Account account, Family family, Lease lease) {
		return Mono.defer(() -> {
			Pass pass = new Pass(Call.track(account), family, lease.token(), new AtomicInteger());
			return this.orders.toFollow(account.id(), family, MOST_ORDERS)
				.collectList()
				.flatMap((due) -> Flux.fromIterable(clusters(due))
					.concatMap((cluster) -> look(pass, cluster))
					.then(Mono.fromSupplier(() -> new Swept(due.size(), pass.changed().get(), false))));
		});
	}

	/** One order alone is cheaper by id, and its answer has the card. */
	private Mono<Void> look(Pass pass, List<Order> cluster) {
		Mono<List<Order>> unchanged = (cluster.size() == 1) ? byId(pass, cluster).collectList() : byList(pass, cluster);
		return unchanged.flatMap((orders) -> this.orders.seenUnchanged(orders, pass.token()));
	}

	/** Emits the orders that did not change. */
	private Mono<List<Order>> byList(Pass pass, List<Order> cluster) {
		return this.pages.byId(pass.call(), pass.family(), cluster).flatMap((scan) -> {
			List<Order> missed = cluster.stream()
				.filter((order) -> !scan.found().containsKey(order))
				.limit(scan.complete() ? MOST_READS : MOST_ALONE)
				.toList();
			Map<Boolean, List<Map.Entry<Order, Topup>>> found = scan.found()
				.entrySet()
				.stream()
				.sorted(Comparator.comparing((entry) -> ListPages.sentAt(entry.getKey())))
				.collect(Collectors.partitioningBy((entry) -> Sightings.tellsAll(pass.family(), entry.getValue())));
			return Flux.fromIterable(found.getOrDefault(true, List.of()))
				.concatWith(Flux.fromIterable(found.getOrDefault(false, List.of())).take(MOST_READS))
				.flatMap((entry) -> unchanged(pass, entry.getKey(),
						(order) -> this.sightings.listed(order, entry.getValue(), pass.token())), MOST_READS)
				.concatWith(byId(pass, missed))
				.collectList();
		});
	}

	/** Emits the orders that did not change. */
	private Flux<Order> byId(Pass pass, List<Order> orders) {
		return Flux.fromIterable(orders)
			.flatMap((order) -> unchanged(pass, order, (one) -> byId(pass, one)), MOST_READS);
	}

	private Mono<Order> byId(Pass pass, Order order) {
		String id = order.upstreamId();
		return (id == null) ? Mono.empty()
				: this.upstream.topup(pass.call(), order.family(), id).flatMap((outcome) -> switch (outcome) {
					case Outcome.Success<Topup> success -> this.sightings.seen(order, success.value(), pass.token());
					case Outcome.Refused<Topup> refused when turned404(order, refused) -> this.orders.apply(order,
							Change.note()
								.flag("upstream no longer knows its id")
								.dueIn(Duration.ofHours(1))
								.fencedBy(pass.token()));
					default -> Mono.empty();
				});
	}

	/** Reads may lag behind a send, so a young order is only looked at again. */
	private static boolean turned404(Order order, Outcome.Refused<Topup> refused) {
		return refused.refusal().is(ErrorCode.NOT_FOUND) && !isYoung(order);
	}

	/** One that cannot be followed must not keep the others from being followed. */
	private static Mono<Order> unchanged(Pass pass, Order order, Function<Order, Mono<Order>> look) {
		return Mono.defer(() -> look.apply(order))
			.hasElement()
			.doOnNext((changed) -> pass.changed().addAndGet(changed ? 1 : 0))
			.filter((changed) -> !changed)
			.map((same) -> order)
			.onErrorResume((failure) -> {
				log.warn("order {} cannot be followed now: {}", order.id(), failure.toString());
				return Mono.just(order);
			});
	}

	private static List<List<Order>> clusters(List<Order> due) {
		List<List<Order>> clusters = new ArrayList<>();
		List<Order> cluster = new ArrayList<>();
		for (Order order : due.stream().sorted(Comparator.comparing(ListPages::sentAt)).toList()) {
			if (!cluster.isEmpty()
					&& (apart(cluster.getLast(), order) || isYoung(cluster.getLast()) != isYoung(order))) {
				clusters.add(cluster);
				cluster = new ArrayList<>();
			}
			cluster.add(order);
		}
		if (!cluster.isEmpty()) {
			clusters.add(cluster);
		}
		return clusters;
	}

	private static boolean isYoung(Order order) {
		return ListPages.sentAt(order).plus(YOUNG).isAfter(order.readAt());
	}

	private static boolean apart(Order earlier, Order later) {
		return Duration.between(ListPages.sentAt(earlier), ListPages.sentAt(later)).compareTo(WIDEST_GAP) > 0;
	}

	/** What all looks of one run have in common. */
	private record Pass(Call call, Family family, long token, AtomicInteger changed) {
	}

}
