package dz.flexy.gateway.upstream;

import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;

/**
 * The upstream's no, in its own words.
 *
 * @param known the documented code, empty for one this gateway does not know
 * @param code the documented spelling, or the unknown code verbatim
 * @param status HTTP status
 * @param message its text, without a leading code
 * @param details its {@code error.details}
 * @param requestId its id of the request, {@code -} if it gave none
 */
public record Refusal(Optional<ErrorCode> known, String code, int status, String message, Map<String, Object> details,
		String requestId) {

	/**
	 * Whether the code is this one, in any of its published spellings.
	 * @param code a documented code
	 * @return whether
	 */
	public boolean is(ErrorCode code) {
		return this.known.filter(code::equals).isPresent();
	}

	/**
	 * The same no for a caller of ours.
	 * @return with the upstream's code, status, text, details and request id
	 */
	public Problem asProblem() {
		Problem problem = Problem.of(this.code, this.status, this.message);
		for (Map.Entry<String, Object> detail : this.details.entrySet()) {
			problem = problem.detail(detail.getKey(), detail.getValue());
		}
		return problem.detail("upstreamRequestId", this.requestId);
	}

}
