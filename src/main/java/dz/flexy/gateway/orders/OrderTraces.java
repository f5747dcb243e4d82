package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dz.flexy.gateway.problem.Spans;
import io.micrometer.tracing.TraceContext;
import reactor.util.context.ContextView;

import org.springframework.stereotype.Component;

/**
 * Which trace an order was accepted in, so that what this replica does for it later is
 * found there. Other replicas do not know, and begin traces of their own; all have the
 * order's id.
 */
@Component
public class OrderTraces {

	/** Some megabytes. */
	private static final long MOST = 10_000;

	/** By then an order is settled or followed so seldom that its own trace serves. */
	private static final Duration REMEMBERED = Duration.ofMinutes(10);

	private static final int MOST_LINKS = 32;

	private final Cache<OrderId, TraceContext> traces = Caffeine.newBuilder()
		.maximumSize(MOST)
		.expireAfterWrite(REMEMBERED)
		.build();

	private final Spans spans;

	OrderTraces(Spans spans) {
		this.spans = spans;
	}

	/**
	 * Remembers an order. Before its commit: from then on anybody may begin to send it.
	 * @param order which
	 * @param context of the pipeline that it is accepted in
	 */
	void remember(OrderId order, ContextView context) {
		this.spans.current(context).ifPresent((trace) -> this.traces.put(order, trace));
	}

	/**
	 * The trace of one order.
	 * @param order which
	 * @return empty if it was accepted elsewhere, long ago or without tracing
	 */
	public Optional<TraceContext> of(Order order) {
		return Optional.ofNullable(this.traces.getIfPresent(order.id()));
	}

	/**
	 * The traces of several.
	 * @param orders which
	 * @return those that are known, 32 at most
	 */
	public List<TraceContext> of(Collection<Order> orders) {
		return orders.stream().flatMap((order) -> of(order).stream()).limit(MOST_LINKS).toList();
	}

}
