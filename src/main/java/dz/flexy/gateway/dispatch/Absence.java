package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.time.Instant;

import dz.flexy.gateway.account.SendStops;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Upstream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * When an order that cannot be found counts as never bought. A send that was not answered
 * may still arrive, so absence means nothing before its last possible moment and takes
 * two looks with a gap between them, each a complete list and an enveloped
 * {@code NOT_FOUND}. The gap is twice the longest time that the upstream was ever seen to
 * keep an order from us, if that is longer. All times are the database's.
 */
@Component
class Absence {

	private static final int LOOKS = 2;

	private static final int MOST_SENDS = 3;

	private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

	/** Each look costs calls, and is made anew before the order is sent again. */
	private static final Duration WHILE_STOPPED = Duration.ofMinutes(1);

	/** By then most are settled; the rest wants a person. */
	private static final Duration FLAGGED_AFTER = Duration.ofMinutes(10);

	private static final Logger log = LoggerFactory.getLogger(Absence.class);

	private final Orders orders;

	private final Sender sender;

	private final SendStops sendStops;

	private final Delays delays;

	private final DispatchProperties properties;

	private final Duration answered;

	Absence(Orders orders, Sender sender, SendStops sendStops, Upstream upstream, Delays delays,
			DispatchProperties properties) {
		this.delays = delays;
		this.orders = orders;
		this.sender = sender;
		this.sendStops = sendStops;
		this.properties = properties;
		this.answered = upstream.longestAnswer().plus(properties.absenceMargin());
	}

	/**
	 * Never once the upstream has said that it knows our reference. An order that was
	 * refused, in words we do not know, is looked up at once.
	 */
	boolean counts(Order order) {
		if (order.sending().arrived()) {
			return false;
		}
		return order.refusal().isPresent() || isPast(order);
	}

	/**
	 * Whether no send of the order can arrive any more.
	 */
	boolean isPast(Order order) {
		return !order.readAt().isBefore(from(order));
	}

	/**
	 * Nothing is known yet.
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> later(Order order) {
		return this.orders.apply(order, flagged(order, Change.note().dueIn(nextLook(order))));
	}

	/**
	 * As long again as it has been unknown, but not past the moment when absence counts;
	 * from then on as long again as a proof has failed.
	 */
	private Duration nextLook(Order order) {
		Duration pause = clamp(Duration.between(Settling.sentBy(order), order.readAt()));
		Duration counted = Duration.between(from(order), order.readAt());
		if (order.sending().arrived()) {
			return pause;
		}
		Duration untilItCounts = counted.negated();
		return !untilItCounts.isPositive() ? clamp(counted)
				: (untilItCounts.compareTo(pause) < 0) ? untilItCounts : pause;
	}

	/**
	 * One complete look did not find it.
	 * @return the order as it is afterwards; empty if somebody else changed it
	 */
	Mono<Order> seen(Order order) {
		if (order.refusal().isPresent()) {
			return this.orders.reject(order, order.refusal().get());
		}
		int looks = order.sending().absences() + 1;
		Instant last = order.sending().absentAt();
		return this.delays.gap(order).flatMap((gap) -> {
			if (looks < LOOKS || last == null) {
				return this.orders.apply(order, flagged(order, Change.note().absences(looks).dueIn(gap)));
			}
			Duration rest = Duration.between(order.readAt(), last.plus(gap));
			return rest.isPositive() ? this.orders.apply(order, flagged(order, Change.note().dueIn(rest)))
					: proven(order, looks);
		});
	}

	private Mono<Order> proven(Order order, int looks) {
		log.info("order {} is proven absent after send {}", order.id(), order.sending().count());
		if (this.properties.hold()) {
			return this.orders.apply(order, flagged(order, Change.note().absences(looks).dueIn(LONGEST_PAUSE)));
		}
		if (order.readAt().isAfter(order.sending().deadline())) {
			return reject(order, ErrorCode.NOT_SENT_IN_TIME, "the send was lost and its deadline has passed");
		}
		return (order.sending().count() >= MOST_SENDS)
				? reject(order, ErrorCode.SEND_FAILED, "lost " + MOST_SENDS + " times on the way") : resend(order);
	}

	private Mono<Order> resend(Order order) {
		return this.sendStops.of(order.account())
			.hasElement()
			.flatMap((stopped) -> stopped ? this.orders.apply(order, flagged(order, Change.note().dueIn(WHILE_STOPPED)))
					: this.sender.resend(order));
	}

	private Mono<Order> reject(Order order, ErrorCode code, String message) {
		return this.orders.reject(order,
				Problem.of(code, message).detail("orderId", order.id().value()).money(false, true));
	}

	private Change flagged(Order order, Change change) {
		boolean old = order.readAt().isAfter(Settling.sentBy(order).plus(FLAGGED_AFTER));
		return (old && order.flag() == null) ? change.flag("unknown for 10 min") : change;
	}

	private Instant from(Order order) {
		return Settling.sentBy(order).plus(this.answered);
	}

	private static Duration clamp(Duration age) {
		if (age.compareTo(SHORTEST_PAUSE) < 0) {
			return SHORTEST_PAUSE;
		}
		return (age.compareTo(LONGEST_PAUSE) > 0) ? LONGEST_PAUSE : age;
	}

}
