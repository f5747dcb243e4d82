package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;

/**
 * What became of one upstream call (contract section 10.2). Two facts decide all that
 * follows: could the upstream have acted, and whose fault was it.
 *
 * @param <T> what a good answer carries
 */
public sealed interface Outcome<T> {

	/**
	 * The upstream did, or told, what was asked.
	 *
	 * @param <T> what it carries
	 * @param value the decoded answer
	 * @param requestId the upstream's id of the request, {@code -} if it gave none
	 */
	record Success<T>(T value, String requestId) implements Outcome<T> {
	}

	/**
	 * The upstream said no and did nothing, except for a code it alone understands
	 * ({@link Refusal#known()} empty): that one wants a look before it is believed.
	 *
	 * @param <T> what a good answer would have carried
	 * @param refusal its words
	 */
	record Refused<T>(Refusal refusal) implements Outcome<T> {
	}

	/**
	 * The upstream cannot have acted: nothing was written, or it refused before looking
	 * at the request (429, 503 {@code AUTH_UNAVAILABLE}, key errors). The same request
	 * may be sent again.
	 *
	 * @param <T> what a good answer would have carried
	 * @param fault whose fault
	 * @param reason for logs and operators
	 * @param retryAfter when trying again makes sense
	 * @param answered whether the upstream has seen the request and refused it; else not
	 * a byte of it was written
	 */
	record NotSent<T>(Fault fault, String reason, Duration retryAfter, boolean answered) implements Outcome<T> {

		public NotSent(Fault fault, String reason, Duration retryAfter) {
			this(fault, reason, retryAfter, false);
		}

		/** Reason of an answer that says there were too many calls. */
		static final String LIMITED = "limited by the upstream";

		/** Reason of a call whose permit ran out before its first byte. */
		static final String LATE = PermitRanOut.class.getSimpleName();

		/** Whether the call took too long to begin for the permit that it had. */
		boolean late() {
			return this.reason.equals(LATE);
		}

		/** Whether the upstream answered that there were too many calls. */
		boolean limited() {
			return this.reason.equals(LIMITED);
		}

		/**
		 * Whether it is the key of this replica that is refused.
		 * @return whether another replica, with another key, might fare better
		 */
		public boolean ofKey() {
			return KeyErrors.isOne(this.reason) || this.reason.startsWith(KeyCheck.STOPPED);
		}

	}

	/**
	 * The upstream may have acted: no answer, or none that settles it.
	 *
	 * @param <T> what a good answer would have carried
	 * @param reason for logs and operators
	 * @param retryAfter when the upstream asks to come again, if it says
	 */
	record MayHaveActed<T>(String reason, Optional<Duration> retryAfter) implements Outcome<T> {

		public MayHaveActed(String reason) {
			this(reason, Optional.empty());
		}

	}

	/**
	 * The value of a read, for callers who wait for it.
	 * @return the value
	 * @throws Problem the upstream's refusal verbatim, else 503
	 */
	default T orThrow() {
		return switch (this) {
			case Success<T> success -> success.value();
			case Refused<T> refused -> throw refused.refusal().asProblem().money(false, true);
			case NotSent<T> notSent -> throw unavailable(notSent.reason()).retryAfter(notSent.retryAfter());
			case MayHaveActed<T> unclear -> {
				Problem problem = unavailable(unclear.reason());
				throw unclear.retryAfter().map(problem::retryAfter).orElse(problem);
			}
		};
	}

	private static Problem unavailable(String reason) {
		return Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, reason).money(false, true);
	}

	/**
	 * The same outcome for another kind of value; not for a {@link Success}.
	 * @param <R> the other kind
	 * @return this outcome
	 */
	default <R> Outcome<R> retyped() {
		return switch (this) {
			case Success<T> success -> throw new IllegalStateException("has a value");
			case Refused<T> refused -> new Refused<>(refused.refusal());
			case NotSent<T> notSent ->
				new NotSent<>(notSent.fault(), notSent.reason(), notSent.retryAfter(), notSent.answered());
			case MayHaveActed<T> unclear -> new MayHaveActed<>(unclear.reason(), unclear.retryAfter());
		};
	}

}
