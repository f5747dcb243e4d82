package dz.flexy.gateway.polling;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.lease.Lease;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.OrderTraces;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Spans;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Looks once at every order that is due, with as few calls as it takes; those that the
 * upstream settles in hours are left to {@link SlowSweep}. So few are read alone that a
 * sweep does not take much longer than a beat; the others wait for the next one. While
 * many are open and the account's calls are scarce, every second sweep only fetches
 * cards.
 */
@Component
class Sweep {

	private static final int MOST_ORDERS = 1000;

	/**
	 * Orders further apart than this are looked up in windows of their own, and so are
	 * those that are no longer young: they would stretch the window that is read at every
	 * beat by many pages.
	 */
	private static final Duration WIDEST_GAP = Duration.ofMinutes(10);

	/** Where the list cannot be read, so many of the oldest are looked at one by one. */
	private static final int MOST_ALONE = 3;

	/** However many calls the account has. */
	private static final int MOST_CARDS = 100;

	private final Orders orders;

	private final ListPages pages;

	private final Look look;

	private final OrderTraces traces;

	private final Spans spans;

	private final PollingProperties properties;

	private final Pace pace;

	/**
	 * Delivered, by a list that lacks the card. Another list would tell no more of them.
	 */
	private final Cache<OrderId, Boolean> cardless = Caffeine.newBuilder()
		.maximumSize(10 * MOST_ORDERS)
		.expireAfterWrite(Duration.ofHours(1))
		.build();

	Sweep(Orders orders, ListPages pages, Look look, Upstream upstream, OrderTraces traces, Spans spans,
			PollingProperties properties, Clock clock) {
		this.orders = orders;
		this.pages = pages;
		this.look = look;
		this.traces = traces;
		this.spans = spans;
		this.properties = properties;
		this.pace = new Pace((account) -> upstream.isScarce(account), properties.sweep(), clock);
	}

	/**
	 * Emits when all were looked at; no call is made if none is due.
	 * @param lease held while this runs; its token fences every write, so that a sweeper
	 * that was frozen past its lease changes nothing that the next one has looked at
	 */
	Mono<Swept> run(Account account, Family family, Lease lease) {
		return Mono.defer(() -> {
			Pass pass = Pass.begin(account, family, lease);
			return this.orders.toFollow(account.id(), family, MOST_ORDERS)
				.collectList()
				.flatMap((due) -> due.isEmpty() ? Mono.just(pass.swept(0)) : traced(pass, due));
		});
	}

	/** Its span is of no order's trace, and linked to those of all. */
	private Mono<Swept> traced(Pass pass, List<Order> due) {
		Mono<Swept> looks = Flux.fromIterable(clusters(unlisted(pass, due)))
			.concatMap((cluster) -> noted(pass, look(pass, cluster)))
			.then(Mono.defer(() -> noted(pass, this.look.cards(pass, cardless(pass, due)))))
			.then(Mono.fromSupplier(() -> pass.swept(due.size())));
		return this.spans.job("sweep", pass.tags(due.size()), Optional.empty(), this.traces.of(due), looks);
	}

	/** None of them if this sweep is to save their calls. */
	private List<Order> unlisted(Pass pass, List<Order> due) {
		List<Order> unlisted = due.stream().filter((order) -> !isCardless(order)).toList();
		boolean looks = unlisted.isEmpty() || this.pace.begins(pass.call().account(), pass.family(), unlisted.size());
		return looks ? unlisted : List.of();
	}

	private Mono<Void> noted(Pass pass, Flux<Order> unchanged) {
		return unchanged.collectList().flatMap((orders) -> this.orders.seenUnchanged(orders, pass.token()));
	}

	private boolean isCardless(Order order) {
		return this.cardless.getIfPresent(order.id()) != null;
	}

	/** The oldest, also of those that the lists of this sweep have shown. */
	private List<Order> cardless(Pass pass, List<Order> due) {
		Account account = pass.call().account();
		long halfABeat = account.limit() * this.properties.sweep().toMillis() / account.window().toMillis() / 2;
		return due.stream()
			.filter(this::isCardless)
			.sorted(Comparator.comparing(ListPages::sentAt))
			.limit(Math.clamp(halfABeat, Look.MOST_READS, MOST_CARDS))
			.toList();
	}

	/** One order alone is cheaper by id, and its answer has the card. */
	private Flux<Order> look(Pass pass, List<Order> cluster) {
		return (cluster.size() == 1) ? this.look.byId(pass, cluster) : byList(pass, cluster);
	}

	/** Emits the orders that did not change. */
	private Flux<Order> byList(Pass pass, List<Order> cluster) {
		return this.pages.byId(pass.call(), pass.family(), cluster).flatMapMany((scan) -> {
			pass.found().addAndGet(scan.found().size());
			pass.missed().addAndGet(cluster.size() - scan.found().size());
			List<Order> missed = cluster.stream()
				.filter((order) -> !scan.found().containsKey(order))
				.limit(scan.complete() ? Look.MOST_READS : MOST_ALONE)
				.toList();
			Map<Boolean, List<Map.Entry<Order, Topup>>> found = scan.found()
				.entrySet()
				.stream()
				.collect(Collectors.partitioningBy((entry) -> Sightings.tellsAll(pass.family(), entry.getValue())));
			found.getOrDefault(false, List.of()).forEach((entry) -> this.cardless.put(entry.getKey().id(), true));
			return Flux.fromIterable(found.getOrDefault(true, List.of()))
				.flatMap((entry) -> this.look.listed(pass, entry.getKey(), entry.getValue()), Look.MOST_READS)
				.concatWith(this.look.byId(pass, missed));
		});
	}

	private static List<List<Order>> clusters(List<Order> due) {
		List<List<Order>> clusters = new ArrayList<>();
		List<Order> cluster = new ArrayList<>();
		for (Order order : due.stream().sorted(Comparator.comparing(ListPages::sentAt)).toList()) {
			if (!cluster.isEmpty()
					&& (apart(cluster.getLast(), order) || Look.isYoung(cluster.getLast()) != Look.isYoung(order))) {
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

	private static boolean apart(Order earlier, Order later) {
		return Duration.between(ListPages.sentAt(earlier), ListPages.sentAt(later)).compareTo(WIDEST_GAP) > 0;
	}

}
