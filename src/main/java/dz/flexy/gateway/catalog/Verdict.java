package dz.flexy.gateway.catalog;

import java.time.Duration;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;

/** What the upstream said of a number, worth remembering. Immutable. */
sealed interface Verdict {

	/** How long a number that is known may be taken for known. */
	Duration KNOWN_FOR = Duration.ofHours(24);

	/** How long a number that is not known may be refused without asking again. */
	Duration REFUSED_FOR = Duration.ofSeconds(60);

	/** How long it may still be told, counted from when it was read. */
	Duration goodFor();

	/** The operator knows the number. */
	record Known(NumberCheck check, Duration goodFor) implements Verdict {
	}

	/** {@code ERR_PHONE}, in the upstream's words. */
	record Refused(Problem problem, Duration goodFor) implements Verdict {
	}

	/**
	 * Judges an answer.
	 * @throws Problem if it says nothing about the number
	 */
	static Verdict of(Outcome<NumberCheck> outcome) {
		if (outcome instanceof Outcome.Refused<NumberCheck> refused && refused.refusal().is(ErrorCode.ERR_PHONE)) {
			return new Refused(refused.refusal().asProblem().money(false, true), REFUSED_FOR);
		}
		return new Known(outcome.orThrow(), KNOWN_FOR);
	}

}
