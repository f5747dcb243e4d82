package dz.flexy.gateway.reconciliation;

import dz.flexy.gateway.orders.OrderState;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Writes breaks down: a row, a count and, the first time, a line in the log. */
@Component
class Findings {

	private static final Logger log = LoggerFactory.getLogger(Findings.class);

	private static final int PAGE = 200;

	private final BreakStore store;

	private final MeterRegistry meters;

	Findings(BreakStore store, MeterRegistry meters) {
		this.store = store;
		this.meters = meters;
	}

	/** One that stays until it is gone. */
	Mono<Void> open(Pass pass, Finding finding) {
		return found(pass, finding, null);
	}

	/** One that the comparison has put right itself. */
	Mono<Void> corrected(Pass pass, Finding finding, OrderState to) {
		return found(pass, finding, "corrected to " + to);
	}

	/** Open breaks that this comparison has not found again. */
	Flux<BreakStore.Break> notFoundAgain(Pass pass) {
		return this.store.notFoundBy(pass.run(), 0, PAGE)
			.collectList()
			.expand((page) -> (page.size() < PAGE) ? Mono.empty()
					: this.store.notFoundBy(pass.run(), page.getLast().id(), PAGE).collectList())
			.concatMapIterable((page) -> page, 1);
	}

	Mono<Void> resolve(Pass pass, BreakStore.Break gone, String resolution) {
		return this.store.resolve(pass.run(), gone, resolution).doOnNext((rows) -> {
			if (rows > 0) {
				pass.count("resolved", 1);
				log.info("break {} of account {} is resolved: {}", gone.id(), pass.account().id(), resolution);
			}
		}).then();
	}

	private Mono<Void> found(Pass pass, Finding finding, @Nullable String resolution) {
		return this.store.found(pass.run(), finding, resolution).doOnNext((fresh) -> {
			pass.count("breaks", (resolution == null) ? 1 : 0);
			if (fresh) {
				count(pass, finding);
			}
		}).then();
	}

	private void count(Pass pass, Finding finding) {
		BreakClass kind = finding.difference().kind();
		log.warn("books of account {} differ: {} {} order {} upstream {}: {}", pass.account().id(), kind,
				finding.family().label(), finding.orderId(), finding.upstreamId(), finding.difference().detail());
		ReconciliationMeter.FOUND.counter(this.meters, "account", pass.account().id().value(), "class", kind.name())
			.increment();
	}

}
