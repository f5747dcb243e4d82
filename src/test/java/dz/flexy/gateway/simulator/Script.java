package dz.flexy.gateway.simulator;

import java.time.Duration;

/**
 * Draws the timeline of an order from its family, the last two digits of its number and
 * the pace.
 */
@FunctionalInterface
interface Script {

	Timeline draw(Family family, int digits, Pace pace);

	static Script ordinary() {
		return (family, digits, pace) -> Timeline.begun(family, pace.ordinary(digits))
			.then(pace.ordinary(digits), "FULFILLED");
	}

	static Script ends(String status, long seconds) {
		return (family, digits, pace) -> Timeline.begun(family, pace.seconds(seconds))
			.then(pace.seconds(seconds), status);
	}

	static Script postponed(String end) {
		return (family, digits, pace) -> Timeline.begun(family, pace.seconds(3))
			.then(pace.seconds(3), family.postponed())
			.then(pace.postponedAfter(3), end);
	}

	static Script changes(String first, long at, String then, long later) {
		return (family, digits, pace) -> Timeline.begun(family, pace.seconds(at))
			.then(pace.seconds(at), first)
			.then(pace.seconds(later), then);
	}

	static Script never() {
		return (family, digits, pace) -> Timeline.begun(family, Duration.ZERO).then(Duration.ZERO, "HANDLING");
	}

}
