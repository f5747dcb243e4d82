package dz.flexy.gateway.polling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.Stretch;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupPage;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Finds many orders with few calls: reads list pages of a fixed window until all are
 * found or the pages end. A page answers for 100 orders.
 */
@Component
public class ListPages {

	/** Our clocks and the upstream's may differ by this much. */
	private static final Duration SKEW = Duration.ofSeconds(30);

	/** No send is shown later than that after its first byte was to leave. */
	private static final Duration LATEST_ARRIVAL = Duration.ofMinutes(10);

	private static final int MOST_PAGES = 50;

	private final Upstream upstream;

	ListPages(Upstream upstream) {
		this.upstream = upstream;
	}

	/**
	 * Looks for orders by their references, in everything created from when the first of
	 * them was sent first to when the last of them can have arrived.
	 * @param call on whose account
	 * @param family of which product
	 * @param orders one or more
	 * @return exactly one scan
	 */
	public Mono<Scan> byRef(Call call, Family family, Collection<Order> orders) {
		Instant from = orders.stream().map(ListPages::firstSentAt).min(Instant::compareTo).orElseThrow();
		Instant to = orders.stream().map(ListPages::arrivedBy).max(Instant::compareTo).orElseThrow();
		return scan(call, family, new Window(from.minus(SKEW), to.plus(SKEW)), orders,
				(order, row) -> row.hasRef(order.upstreamRef()));
	}

	/**
	 * Everything of an order's family that was created from when it was about to be sent
	 * to a moment after that.
	 * @param call on whose account
	 * @param order sent at least once
	 * @param until by our clock
	 * @return without doubles; empty if not every page could be read
	 */
	public Mono<List<Topup>> since(Call call, Order order, Instant until) {
		Map<String, Topup> rows = new LinkedHashMap<>();
		return pages(call, order.family(), new Window(earliest(order), latest(until)), (page) -> {
			page.rows().forEach((row) -> rows.putIfAbsent(row.id(), row));
			return false;
		}).filter(ListPages::isLast).map((last) -> List.copyOf(rows.values()));
	}

	/**
	 * The latest time that the upstream can give what it made until a moment.
	 * @param until by our clock
	 * @return by its clock, allowing for a difference of 30 s
	 */
	public static Instant latest(Instant until) {
		return until.plus(SKEW);
	}

	/**
	 * The earliest time that the upstream can give an order of ours.
	 * @param order sent at least once
	 * @return by its clock, allowing for a difference of 30 s
	 */
	public static Instant earliest(Order order) {
		return firstSentAt(order).minus(SKEW);
	}

	/**
	 * Looks for orders by the upstream's ids, in the window in which they were sent.
	 * @param call on whose account
	 * @param family of which product
	 * @param orders one or more
	 * @return exactly one scan
	 */
	Mono<Scan> byId(Call call, Family family, Collection<Order> orders) {
		List<Instant> sent = orders.stream().map(ListPages::sentAt).sorted().toList();
		Window window = new Window(sent.getFirst().minus(SKEW), sent.getLast().plus(SKEW.multipliedBy(2)));
		return scan(call, family, window, orders, (order, row) -> row.id().equals(order.upstreamId()));
	}

	/**
	 * One page of what was sent in a stretch of time. Rows that cannot be read are left
	 * out: an order that no page shows is asked for by its id.
	 */
	Mono<Outcome<TopupPage>> sent(Call call, Family family, Stretch stretch, int number) {
		Instant from = stretch.first().minus(SKEW);
		return this.upstream.topups(call, family, from, stretch.last().plus(SKEW.multipliedBy(2)), number)
			.map((outcome) -> (outcome instanceof Outcome.Success<TopupPage> success
					&& success.value().page() != number) ? new Outcome.MayHaveActed<>("another page") : outcome);
	}

	/** An earlier send may have been the one that arrived. */
	private static Instant firstSentAt(Order order) {
		Instant first = order.sending().firstAt();
		return (first != null) ? first : order.acceptedAt();
	}

	/** Later pages cannot show it, and each is one more that may fail. */
	private static Instant arrivedBy(Order order) {
		Instant by = order.sending().by();
		Instant latest = (by != null) ? by.plus(LATEST_ARRIVAL) : order.readAt();
		return latest.isBefore(order.readAt()) ? latest : order.readAt();
	}

	static Instant sentAt(Order order) {
		Instant at = order.sending().at();
		return (at != null) ? at : order.acceptedAt();
	}

	private Mono<Scan> scan(Call call, Family family, Window window, Collection<Order> orders,
			BiPredicate<Order, Topup> matches) {
		Map<Order, Topup> found = new HashMap<>();
		List<Order> missing = new ArrayList<>(orders);
		return pages(call, family, window, (page) -> found(page, missing, found, matches))
			.map((last) -> new Scan(Map.copyOf(found), isLast(last)));
	}

	/** Reads page after page until enough is seen or none follows; emits the last. */
	private Mono<Outcome<TopupPage>> pages(Call call, Family family, Window window, Predicate<TopupPage> enough) {
		return page(call, family, window, 1).expand((outcome) -> (outcome instanceof Outcome.Success<TopupPage> success
				&& !enough.test(success.value()) && !success.value().last() && success.value().page() < MOST_PAGES)
						? page(call, family, window, success.value().page() + 1) : Mono.empty())
			.last();
	}

	private static boolean isLast(Outcome<TopupPage> outcome) {
		return outcome instanceof Outcome.Success<TopupPage> success && success.value().last();
	}

	/** Whether nothing is missing any more. */
	private static boolean found(TopupPage page, List<Order> missing, Map<Order, Topup> found,
			BiPredicate<Order, Topup> matches) {
		missing.removeIf((order) -> {
			page.rows()
				.stream()
				.filter((row) -> matches.test(order, row))
				.findFirst()
				.ifPresent((row) -> found.put(order, row));
			return found.containsKey(order);
		});
		return missing.isEmpty();
	}

	/**
	 * Another page than was asked for would be asked for again and again. A page with a
	 * row that cannot be read proves no absence.
	 */
	private Mono<Outcome<TopupPage>> page(Call call, Family family, Window window, int number) {
		return this.upstream.topups(call, family, window.from(), window.to(), number)
			.map((outcome) -> (outcome instanceof Outcome.Success<TopupPage> success
					&& (success.value().page() != number || success.value().unreadable() > 0))
							? new Outcome.MayHaveActed<>("another page, or not all of it") : outcome);
	}

	private record Window(Instant from, Instant to) {
	}

}
