package dz.flexy.gateway.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a gate has to tell the shared row, and the permits that it is about.
 *
 * @param over permits that are over, and since when
 * @param ongoing permits of calls that have been under way for a while
 * @param answers what the upstream said, oldest first
 * @param wanted how many wait in each lane
 * @param begun when it was put together, in nanoseconds on the monotonic clock
 */
record Batch(List<Over> over, List<Permit> ongoing, List<Answered> answers, Map<Lane, Integer> wanted, long begun) {

	/**
	 * A permit that is over.
	 *
	 * @param permit used or not
	 * @param at when the upstream had counted it at the latest, in nanoseconds on the
	 * monotonic clock; may lie ahead
	 */
	record Over(Permit permit, long at) {
	}

	/**
	 * An answer's words.
	 *
	 * @param heard with no age yet
	 * @param at when it came, in nanoseconds on the monotonic clock
	 */
	record Answered(Heard heard, long at) {
	}

	boolean isEmpty() {
		return this.over.isEmpty() && this.ongoing.isEmpty() && this.answers.isEmpty() && this.wanted.isEmpty();
	}

	/**
	 * Durations are as of {@link #begun}, so whoever reads it later believes things to be
	 * newer than they are, never older.
	 */
	Report report() {
		List<Long> unused = new ArrayList<>();
		List<Report.Finished> finished = new ArrayList<>();
		for (Over one : this.over) {
			if (one.permit().wasUsed()) {
				finished.add(new Report.Finished(one.permit().charge(), age(one.at())));
			}
			else {
				unused.add(one.permit().charge());
			}
		}
		return new Report(unused, finished, this.ongoing.stream().map(Permit::charge).toList(),
				this.answers.stream().map((answer) -> answer.heard().aged(age(answer.at()))).toList(), this.wanted);
	}

	/**
	 * It may have been taken in or not. What would lower the counts must not be told
	 * twice, so it is left out; the rest only adds from now on.
	 */
	List<Over> inDoubt() {
		this.ongoing.forEach((permit) -> permit.charged(0));
		List<Over> used = this.over.stream().filter((one) -> one.permit().wasUsed()).toList();
		used.forEach((one) -> one.permit().charged(0));
		return used;
	}

	private long age(long at) {
		return TimeUnit.NANOSECONDS.toMicros(this.begun - at);
	}

}
