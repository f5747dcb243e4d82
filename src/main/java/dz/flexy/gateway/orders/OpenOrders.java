package dz.flexy.gateway.orders;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import dz.flexy.gateway.account.Family;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * How many orders are open, and for how long: the same on every replica, as last read.
 */
@Component
class OpenOrders {

	private static final Logger log = LoggerFactory.getLogger(OpenOrders.class);

	private final OpenStore store;

	private volatile Optional<List<OpenStore.Count>> counts = Optional.empty();

	OpenOrders(OpenStore store, MeterRegistry meters) {
		this.store = store;
		for (Family family : Family.SOLD) {
			String label = family.label();
			OrderMeter.FLAGGED.gauge(meters, this, (open) -> open.flagged(label), "family", label);
			Stream.of(OrderState.values()).filter((state) -> !state.isFinal()).forEach((state) -> {
				OrderMeter.OPEN.gauge(meters, this, (open) -> open.sum(label, state, OpenStore.Count::orders), "family",
						label, "state", state.name());
				OrderMeter.OLDEST.gauge(meters, this, (open) -> open.sum(label, state, OpenStore.Count::age), "family",
						label, "state", state.name());
			});
		}
	}

	/**
	 * What cannot be read is not known any more. Orders that are due in a time that is
	 * never given are due at once.
	 */
	Mono<Void> refresh() {
		return this.store.counts()
			.collectList()
			.doOnNext((read) -> this.counts = Optional.of(read))
			.doOnError((failure) -> this.counts = Optional.empty())
			.doOnCancel(() -> this.counts = Optional.empty())
			.filter((read) -> read.stream().anyMatch(OpenStore.Count::stranded))
			.flatMap((read) -> this.store.makeStrandedDue())
			.doOnNext((due) -> log.warn("the database's clock was set back: {} orders were due hours from now", due))
			.then();
	}

	/** None or one is added up. */
	private double sum(String family, OrderState state, ToDoubleFunction<OpenStore.Count> figure) {
		return sum((count) -> count.family().equals(family) && count.state() == state, figure);
	}

	private double flagged(String family) {
		return sum((count) -> count.family().equals(family), OpenStore.Count::flagged);
	}

	private double sum(Predicate<OpenStore.Count> which, ToDoubleFunction<OpenStore.Count> figure) {
		return this.counts.map((known) -> known.stream().filter(which).mapToDouble(figure).sum()).orElse(Double.NaN);
	}

}
