package dz.flexy.gateway.catalog;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * A memory that one can do without: while it fails, or takes more than a second, nothing
 * is known and nothing is kept. Fails open, because the upstream can always be asked. The
 * first failure and the first success after it are logged.
 */
final class OptionalMemory implements NumberMemory {

	private static final Logger log = LoggerFactory.getLogger(OptionalMemory.class);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final AtomicBoolean failing = new AtomicBoolean();

	private final NumberMemory memory;

	OptionalMemory(NumberMemory memory) {
		this.memory = memory;
	}

	@Override
	public Mono<Verdict> find(String type, String number) {
		return optional(this.memory.find(type, number));
	}

	@Override
	public Mono<Void> remember(String type, String number, Verdict verdict) {
		return optional(this.memory.remember(type, number, verdict));
	}

	private <T> Mono<T> optional(Mono<T> work) {
		return work.timeout(PATIENCE).doOnSuccess((done) -> works()).doOnError(this::fails).onErrorComplete();
	}

	private void works() {
		if (this.failing.compareAndSet(true, false)) {
			log.info("numbers are remembered again");
		}
	}

	private void fails(Throwable failure) {
		if (this.failing.compareAndSet(false, true)) {
			log.warn("numbers are not remembered for now: {}", failure.toString());
		}
	}

}
