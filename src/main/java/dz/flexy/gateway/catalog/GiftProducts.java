package dz.flexy.gateway.catalog;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dz.flexy.gateway.cache.Aged;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Prices and stock of gift cards. Sends read in a lane of their own, so that none waits
 * behind a lookup; what either lane has just read serves both.
 */
@Component
class GiftProducts {

	static final Duration FRESH = Duration.ofSeconds(60);

	private final Answers looked;

	private final Answers sent;

	GiftProducts(Source source, Clock clock) {
		this.looked = new Answers(source, clock, false);
		this.sent = new Answers(source, clock, true);
	}

	/**
	 * The answer for people.
	 * @return exactly one, a product at most an hour old and a refusal at most 60 s, or
	 * the reading's failure
	 */
	Mono<GiftAnswer> shown(GiftKey key) {
		return Mono.defer(() -> this.sent.freshlyKnown(key).map(Mono::just).orElseGet(() -> this.looked.shown(key)));
	}

	/** As {@link Copies#judged}. */
	Mono<Seen<GiftAnswer>> judged(GiftKey key, Predicate<GiftAnswer> refuses) {
		return Mono.defer(() -> recentlyKnown(key).map((answer) -> Mono.just(new Seen<>(answer, true)))
			.orElseGet(() -> this.sent.judged(key, refuses)));
	}

	/** An answer that may refuse an order, read if need be. */
	Mono<GiftAnswer> recent(GiftKey key) {
		return Mono.defer(() -> recentlyKnown(key).map(Mono::just).orElseGet(() -> this.sent.recent(key)));
	}

	/** An answer that may refuse an order, if there is one already. */
	Optional<GiftAnswer> recentlyKnown(GiftKey key) {
		return Stream.of(this.looked, this.sent)
			.flatMap((answers) -> answers.known(key, Copies.RECENT).stream())
			.max(Comparator.comparing(Aged::readAt))
			.map(Aged::value);
	}

	/** From now on only an answer read later is believed. */
	void doubt(GiftKey key) {
		this.looked.doubt(key);
		this.sent.doubt(key);
	}

	void meter(MeterRegistry meters, String name) {
		this.looked.meter(meters, name);
		this.sent.meter(meters, name + "-sent");
	}

	/** Refusals are remembered too: callers choose the ids, and each would be a call. */
	private static final class Answers extends Copies<GiftKey, GiftAnswer> {

		Answers(Source source, Clock clock, boolean sending) {
			super(clock, FRESH, (key) -> source.giftProduct(key, sending).map(GiftAnswer::of));
		}

		@Override
		Duration shownFor(GiftAnswer answer) {
			return (answer instanceof GiftAnswer.Refused) ? FRESH : STALE;
		}

	}

}
