package dz.flexy.gateway.catalog;

import java.time.Clock;
import java.time.Instant;

import dz.flexy.gateway.cache.Aged;
import dz.flexy.gateway.cache.Cache;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Verdicts on numbers: from this process, else from the memory, else from upstream. */
@Component
class Numbers {

	private static final long KEPT = 10_000;

	private final Cache<Inquiry, Verdict> verdicts;

	private final Source source;

	private final NumberMemory memory;

	private final Clock clock;

	Numbers(Source source, NumberMemory memory, Clock clock) {
		this.source = source;
		this.memory = new OptionalMemory(memory);
		this.clock = clock;
		this.verdicts = new Cache<>(clock, KEPT, this::read);
	}

	/**
	 * What is known of a number. Cancelling leaves the question open: its answer is still
	 * remembered.
	 * @return exactly one verdict, or a {@code Problem} that says nothing of the number
	 */
	Mono<Verdict> verdict(Inquiry inquiry) {
		return this.verdicts.within(inquiry, Verdict.KNOWN_FOR).flatMap((known) -> current(inquiry, known));
	}

	void meter(MeterRegistry meters, String name) {
		this.verdicts.meter(meters, name);
	}

	private Mono<Verdict> current(Inquiry inquiry, Aged<Verdict> known) {
		Instant now = this.clock.instant();
		return known.within(known.value().goodFor(), now) ? Mono.just(known.value())
				: this.verdicts.since(inquiry, now).map(Aged::value);
	}

	private Mono<Verdict> read(Inquiry inquiry) {
		return this.memory.find(inquiry.type(), inquiry.number()).switchIfEmpty(Mono.defer(() -> ask(inquiry)));
	}

	private Mono<Verdict> ask(Inquiry inquiry) {
		return this.source.number(inquiry)
			.map(Verdict::of)
			.delayUntil((verdict) -> this.memory.remember(inquiry.type(), inquiry.number(), verdict));
	}

}
