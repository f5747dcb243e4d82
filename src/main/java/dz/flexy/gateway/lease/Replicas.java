package dz.flexy.gateway.lease;

import org.springframework.stereotype.Component;

/** How many replicas share the work at present. */
@Component
public class Replicas {

	private static final int NOT_COUNTED = 0;

	private volatile int live = NOT_COUNTED;

	/**
	 * Replicas that live, this one included. One that starts or stops is counted within a
	 * few seconds, one that died is left out within 15 s; without the database it stays
	 * as last known, or 1 if never counted.
	 * @return 1 or more
	 */
	public int live() {
		return Math.max(this.live, 1);
	}

	/**
	 * Whether no other replica lives, as last counted. A replica that has not counted yet
	 * does not take itself for the only one.
	 * @return false until the first count
	 */
	public boolean alone() {
		return this.live == 1;
	}

	/** Returns whether that is news. */
	boolean counted(int live) {
		boolean news = live() != live;
		this.live = live;
		return news;
	}

}
