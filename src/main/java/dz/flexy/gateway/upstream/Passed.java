package dz.flexy.gateway.upstream;

import java.util.Optional;

/**
 * What became of a request that was passed on.
 *
 * @param outcome could the upstream have acted, and whose fault was it
 * @param reply the upstream's own answer; empty if there is none that can be read, and if
 * it is about the gateway's key or budget, which are not the caller's
 */
public record Passed(Outcome<Reply> outcome, Optional<Reply> reply) {

	static Passed of(Outcome<Reply> outcome, Optional<Reply> heard) {
		boolean ours = outcome instanceof Outcome.NotSent<Reply> notSent && notSent.fault() == Fault.GATEWAY;
		return new Passed(outcome, ours ? Optional.empty() : heard);
	}

}
