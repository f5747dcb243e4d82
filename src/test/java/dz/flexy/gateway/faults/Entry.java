package dz.flexy.gateway.faults;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * An order in the gateway's ledger.
 *
 * @param id the gateway's
 * @param caller whose
 * @param item as {@link Intent} names it
 * @param upstreamRef under which it was sent
 * @param upstreamId empty while the upstream's order is not known
 * @param state the present one
 * @param changes how many changes callers saw
 * @param cost what was charged, if known
 * @param gift whether it is one of gift cards
 * @param flagged whether a person was asked
 * @param candidates the upstream's orders among which a person has to choose
 */
record Entry(String id, String caller, String item, String upstreamRef, String upstreamId, String state, int changes,
		@Nullable BigDecimal cost, boolean gift, boolean flagged, List<String> candidates) {

	private static final Set<String> BOUGHT = Set.of("FULFILLED", "PARTIALLY_FILLED", "REFUNDED");

	boolean isBought() {
		return BOUGHT.contains(this.state);
	}

	boolean isFinal() {
		return isBought() || this.state.equals("REJECTED");
	}

	/** Gift cards without proof: nothing more can be found out by machine. */
	boolean isLeftForOperator() {
		return this.gift && this.state.equals("SEND_UNKNOWN") && this.flagged;
	}

	/** As callers see the final state. */
	String status() {
		return this.state.equals("REJECTED") ? "REFUNDED" : this.state;
	}

}
