package dz.flexy.gateway.orders;

import java.util.Optional;

import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether what the gateway commits survives the loss of the database's machine, as last
 * read: that an order is bought once rests on it. {@code DEGRADED} if not, or if that
 * cannot be read now. Asks nobody, and takes no replica out of service: all share it.
 */
@Component
class CommitsHealthIndicator implements HealthIndicator {

	private final CommitStore store;

	private volatile Optional<Boolean> synchronous = Optional.empty();

	CommitsHealthIndicator(CommitStore store, MeterRegistry meters) {
		this.store = store;
		OrderMeter.REACHABLE.gauge(meters, this, (commits) -> commits.synchronous.isPresent() ? 1 : 0);
		OrderMeter.SYNCHRONOUS.gauge(meters, this,
				(commits) -> commits.synchronous.map((safe) -> safe ? 1.0 : 0.0).orElse(Double.NaN));
	}

	/** What cannot be read is not known any more. */
	Mono<Void> refresh() {
		return this.store.isSynchronous()
			.doOnNext((read) -> this.synchronous = Optional.of(read))
			.doOnError((failure) -> this.synchronous = Optional.empty())
			.doOnCancel(() -> this.synchronous = Optional.empty())
			.then();
	}

	@Override
	public Health health() {
		return this.synchronous.map((safe) -> safe ? Health.up() : Health.status("DEGRADED")
			.withDetail("reason",
					"commits wait for no standby: the loss of the database's machine may lose orders that were bought"))
			.orElseGet(() -> Health.status("DEGRADED").withDetail("reason", "the database cannot be asked"))
			.build();
	}

}
