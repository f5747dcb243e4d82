package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.breaker.Breakers.Side;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The smallest read of a family, one row of its list (contract section 4.6): finds out
 * whether the upstream is back before a purchase does.
 */
final class Probe {

	/** For its permit, and then for its answer: a purchase waits for both. */
	static final Duration LIMIT = Duration.ofSeconds(5);

	private Probe() {
	}

	static Request<JsonNode> of(Family family) {
		return new Request<>(family.label() + ".probe", family, Side.READ,
				(uri) -> uri.path("/v3/" + family.label() + "/list").queryParam("pageSize", 1).build(), Optional::of);
	}

	/**
	 * What the probe says of the purchase that waits for it: nothing if the upstream is
	 * well, else that it was not sent. A refusal is neither health nor failure.
	 */
	static <T> Mono<Outcome<T>> unlessWell(Outcome<JsonNode> probe) {
		return switch (probe) {
			case Outcome.Success<JsonNode> well -> Mono.empty();
			case Outcome.NotSent<JsonNode> notSent -> Mono.just(notSent.retyped());
			case Outcome.Refused<JsonNode> refused -> Mono.just(new Outcome.NotSent<>(Fault.GATEWAY,
					"the probe was refused: " + refused.refusal().code(), Breakers.REST));
			case Outcome.MayHaveActed<JsonNode> failed ->
				Mono.just(new Outcome.NotSent<>(Fault.UPSTREAM, "the probe failed: " + failed.reason(), Breakers.REST));
		};
	}

}
