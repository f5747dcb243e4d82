package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.breaker.Breakers.Side;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The smallest read of a family, one row of its list (contract section 1.6): finds out
 * whether the upstream is back before a purchase does.
 */
final class Probe {

	/** For its permit, and then for its answer: a purchase waits for both. */
	static final Duration LIMIT = Duration.ofSeconds(5);

	private Probe() {
	}

	static Request<JsonNode> of(Family family) {
		return new Request<>(family.label() + ".probe", family, Side.READ,
				(uri) -> uri.path(list(family)).queryParam("pageSize", 1).build(), Optional::of);
	}

	/** What is passed through has no list of its own that every key may read. */
	private static String list(Family family) {
		return (family == Family.OTHER) ? "/v3/account/transactions" : "/v3/" + family.label() + "/list";
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
