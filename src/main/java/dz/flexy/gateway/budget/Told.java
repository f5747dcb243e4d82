package dz.flexy.gateway.budget;

/**
 * What the upstream's headers leave of a window. Within a window it only falls; a window
 * is told from another by its end as the header names it, so an answer that comes late or
 * out of order changes nothing that is newer. Times are in microseconds since 1970, by
 * the database's clock.
 *
 * @param limit calls in a window as last told, {@link Integer#MAX_VALUE} if never
 * @param reset the window's end as the header names it, Unix seconds, 0 if never told
 * @param left calls that may still be granted until then
 * @param until the window's end
 */
record Told(int limit, long reset, int left, long until) {

	static final Told NOTHING = new Told(Integer.MAX_VALUE, 0, Integer.MAX_VALUE, 0);

	/**
	 * Takes in one answer.
	 * @param then when it came
	 * @param underWay calls that the upstream may not have counted in it yet
	 */
	Told heard(Heard heard, long then, long now, int underWay) {
		long end = then + heard.endsIn();
		boolean over = heard.reset() == 0 || end <= now;
		boolean older = heard.reset() < this.reset && this.until > now;
		if (over || older) {
			return this;
		}
		boolean same = heard.reset() == this.reset && this.until > now;
		int most = (heard.limit() > 0) ? heard.limit() : this.limit;
		int rest = (heard.remaining() >= 0) ? heard.remaining() - underWay : Integer.MAX_VALUE;
		return same
				? new Told(Math.min(this.limit, most), this.reset, Math.min(this.left, rest), Math.max(this.until, end))
				: new Told(most, heard.reset(), rest, end);
	}

	/**
	 * What of it still holds: a limit that was lowered does for a window after its own.
	 */
	Told at(long now, long window) {
		return (this.until + window < now) ? NOTHING : this;
	}

	Told shifted(long by) {
		return new Told(this.limit, this.reset, this.left, this.until + by);
	}

	Told minus(int calls) {
		return left(this.left - calls);
	}

	Told plus(int calls) {
		return left(this.left + calls);
	}

	/**
	 * Until when a call must wait that leaves the last ones to others, or 0. It leaves no
	 * more than we can still make at an even pace until the window's end.
	 * @param last so many
	 * @param spacing time between two calls
	 */
	long room(int last, long spacing, long now) {
		if (this.until <= now || this.left > last) {
			return 0;
		}
		long room = this.until - spacing * Math.max(0, this.left);
		return (room <= now) ? 0 : room;
	}

	private Told left(int calls) {
		return (this.left == Integer.MAX_VALUE) ? this : new Told(this.limit, this.reset, calls, this.until);
	}

}
