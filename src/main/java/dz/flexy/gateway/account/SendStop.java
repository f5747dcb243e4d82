package dz.flexy.gateway.account;

import java.time.Instant;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;

/**
 * A person has stopped the sends of an account; following and reading go on.
 *
 * @param who whose key it was done with
 * @param reason in his words
 * @param since when, by the database's time
 */
public record SendStop(String who, String reason, Instant since) {

	/**
	 * What sends and payments of the account are answered with.
	 * @return a 503: nothing was sent, and the same is safe later
	 */
	public static Problem refusal() {
		return Problem.of(ErrorCode.SENDS_STOPPED, "an operator has stopped the sends of this account")
			.money(false, true);
	}

}
