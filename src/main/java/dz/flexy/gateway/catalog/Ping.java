package dz.flexy.gateway.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dz.flexy.gateway.cache.Aged;
import dz.flexy.gateway.cache.Cache;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/**
 * The upstream's word on its operators. Anybody may ask for it without a key, so failures
 * are remembered too: strangers cost one call in 10 s at most.
 */
@Component
class Ping {

	private static final Duration FRESH = Duration.ofSeconds(60);

	private static final Duration FAILED_FOR = Duration.ofSeconds(10);

	private static final String ONLY = "ping";

	private final Cache<String, Optional<JsonNode>> answers;

	private final Clock clock;

	Ping(Source source, Clock clock) {
		this.clock = clock;
		this.answers = new Cache<>(clock, 1, (only) -> source.ping().map(Ping::word).onErrorReturn(Optional.empty()));
	}

	/**
	 * The upstream's {@code data} as it came, at most 60 s old.
	 * @return exactly one, or a 503 that tells strangers nothing of the reason
	 */
	Mono<JsonNode> word() {
		return this.answers.within(ONLY, FRESH)
			.flatMap(this::again)
			.map((answer) -> answer.value()
				.orElseThrow(() -> Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, "the upstream does not answer its ping")
					.money(false, true)
					.retryAfter(FAILED_FOR)));
	}

	void meter(MeterRegistry meters, String name) {
		this.answers.meter(meters, name);
	}

	private Mono<Aged<Optional<JsonNode>>> again(Aged<Optional<JsonNode>> answer) {
		Instant now = this.clock.instant();
		boolean settled = answer.value().isPresent() || answer.within(FAILED_FOR, now);
		return settled ? Mono.just(answer) : this.answers.within(ONLY, FAILED_FOR);
	}

	private static Optional<JsonNode> word(Outcome<JsonNode> outcome) {
		return (outcome instanceof Outcome.Success<JsonNode> success) ? Optional.of(success.value()) : Optional.empty();
	}

}
