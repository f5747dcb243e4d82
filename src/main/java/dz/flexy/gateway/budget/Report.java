package dz.flexy.gateway.budget;

import java.util.List;
import java.util.Map;

/**
 * What one replica tells the shared row at once. A charge is named by the instant that it
 * was put down at, 0 if that is not known, and then only adds.
 *
 * @param unused charges of permits with which nothing was sent
 * @param finished calls that are over
 * @param ongoing charges of calls that are under way
 * @param heard what answers said, oldest first
 * @param wanted calls that wait in each lane
 */
record Report(List<Long> unused, List<Finished> finished, List<Long> ongoing, List<Heard> heard,
		Map<Lane, Integer> wanted) {

	/** Of a replica that wants nothing and has nothing to tell. */
	static final Report NOTHING = new Report(List.of(), List.of(), List.of(), List.of(), Map.of());

	/**
	 * A call that is over.
	 *
	 * @param charge what it was charged as
	 * @param age since its end, in microseconds
	 */
	record Finished(long charge, long age) {
	}

}
