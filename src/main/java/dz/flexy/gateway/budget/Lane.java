package dz.flexy.gateway.budget;

import java.util.Locale;

/**
 * What a call is for. Earlier lanes go first. Each has a share of the rate that no other
 * lane can take from it while it has calls waiting; what a lane leaves, the others use.
 */
public enum Lane {

	/**
	 * A purchase, or what it waits for: the check of its number, the list with its price.
	 */
	SEND(0.33, 0.67),
	/**
	 * Finding out what became of a purchase, or fetching its card. An order may need one
	 * such call for each send, so its share is as large.
	 */
	SETTLE(0.45, 0.6),
	/** Following open orders; its share is also the most that it gets. */
	TRACK(0.15, 0.5),
	/** A caller waits for the answer. */
	LOOKUP(0.05, 0.05),
	/** Keeps a local copy fresh. */
	REFRESH(0.02, 0);

	private final double share;

	private final double slack;

	Lane(double share, double slack) {
		this.share = share;
		this.slack = slack;
	}

	/**
	 * Lower-case name for tags and connection pools.
	 * @return for example {@code send}
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** Part of the rate that is reserved for it; all of them make one. */
	double share() {
		return this.share;
	}

	/**
	 * Part of a burst that it may use beyond its share. The rest is left to the lanes
	 * before it, on whichever replica they wait, and to those that have not had their
	 * share.
	 */
	double slack() {
		return this.slack;
	}

}
