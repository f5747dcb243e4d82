package dz.flexy.gateway.callers;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What a ticket, or the session that it became, allows.
 *
 * @param caller who gave it away
 * @param order of which order, {@code null} for the board
 * @param scopes what it allows, as far as the caller still may
 * @param session digest of the session's secret
 * @param left until the session's end, by the database's clock
 */
record Ticket(CallerId caller, @Nullable String order, Set<Scope> scopes, String session, Duration left) {

	boolean isBoard() {
		return this.order == null;
	}

}
