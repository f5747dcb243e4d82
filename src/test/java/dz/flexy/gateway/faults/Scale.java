package dz.flexy.gateway.faults;

import java.time.Duration;

/**
 * How much of everything happens in a run.
 *
 * @param orders that callers want
 * @param load over which time they come
 * @param kills of a replica
 * @param restarts of the database, every other one without a shutdown
 * @param cuts of some of the database's connections
 * @param freezes of a replica, for longer than its leases
 * @param silences of a replica's way to the database or to the upstream
 * @param storms of 429
 * @param fullDisks of the database
 * @param settling how long the last orders may take, faults over
 */
record Scale(int orders, Duration load, int kills, int restarts, int cuts, int freezes, int silences, int storms,
		int fullDisks, Duration settling) {

	private static final Scale SHORT = new Scale(1000, Duration.ofSeconds(60), 4, 1, 1, 1, 2, 1, 1,
			Duration.ofSeconds(150));

	private static final Scale LONG = new Scale(10_000, Duration.ofSeconds(900), 50, 2, 8, 6, 10, 8, 2,
			Duration.ofSeconds(300));

	/** {@code -Dfaults=long}, or the short one; {@code -Dfaults.load} stretches it. */
	static Scale chosen() {
		Scale scale = System.getProperty("faults", "short").equals("long") ? LONG : SHORT;
		return scale.over(Duration.ofSeconds(Long.getLong("faults.load", scale.load().toSeconds())));
	}

	private Scale over(Duration other) {
		return new Scale(this.orders, other, this.kills, this.restarts, this.cuts, this.freezes, this.silences,
				this.storms, this.fullDisks, this.settling);
	}

}
