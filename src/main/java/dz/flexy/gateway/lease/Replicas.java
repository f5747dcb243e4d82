package dz.flexy.gateway.lease;

import org.springframework.stereotype.Component;

/** How many replicas share the work at present. */
@Component
public class Replicas {

	private volatile int live = 1;

	/**
	 * Replicas that live, this one included. One that starts or stops is counted within a
	 * few seconds, one that died is left out within 15 s; without the database it stays
	 * as last known.
	 * @return 1 or more
	 */
	public int live() {
		return this.live;
	}

	/** Returns whether that is news. */
	boolean counted(int live) {
		boolean news = this.live != live;
		this.live = live;
		return news;
	}

}
