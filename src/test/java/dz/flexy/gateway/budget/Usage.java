package dz.flexy.gateway.budget;

import java.util.ArrayList;
import java.util.List;

/** Takes each permit as soon as the pace allows and remembers those in use. */
final class Usage {

	private final List<Long> used = new ArrayList<>();

	private Pace pace;

	private long now;

	Usage(Pace pace) {
		this.pace = pace;
	}

	void take(int count) {
		for (int i = 0; i < count; i++) {
			this.now = this.pace.next(this.now);
			this.pace = this.pace.taken(this.now);
			this.used.add(this.now);
		}
	}

	void takeUntil(long end) {
		while (this.pace.next(this.now) < end || (this.now == end && this.pace.next(end) == end)) {
			take(1);
		}
	}

	void giveBack(int which) {
		if (!this.used.isEmpty()) {
			this.pace = this.pace.returned(this.used.remove(which % this.used.size()));
		}
	}

	void lower(int remaining, long until) {
		this.pace = this.pace.lowered(remaining, until, this.now);
	}

	void pass(long time) {
		this.now += time;
	}

	Pace pace() {
		return this.pace;
	}

	long now() {
		return this.now;
	}

	List<Long> used() {
		return this.used;
	}

}
