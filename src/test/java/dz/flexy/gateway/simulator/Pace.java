package dz.flexy.gateway.simulator;

import java.time.Duration;

/**
 * How fast orders settle.
 *
 * @param least the delay of an ordinary order whose number ends in 00
 * @param most the delay an ordinary order never exceeds
 * @param postponed how long a postponed order stays so
 * @param speed divides every delay
 */
record Pace(Duration least, Duration most, Duration postponed, int speed) {

	static final Pace DOCUMENTED = new Pace(Duration.ofSeconds(3), Duration.ofSeconds(45), Duration.ofHours(12), 1);

	Pace {
		if (speed < 1 || least.isNegative() || most.compareTo(least) < 0) {
			throw new IllegalArgumentException("Delays must not be negative, least <= most and speed >= 1");
		}
	}

	/** Grows evenly from least to most with the last two digits; at 77 it is the most. */
	Duration ordinary(int digits) {
		return of(this.least.plus(this.most.minus(this.least).multipliedBy(digits).dividedBy(77)));
	}

	Duration of(Duration delay) {
		return delay.dividedBy(this.speed);
	}

	Duration seconds(long seconds) {
		return of(Duration.ofSeconds(seconds));
	}

	Duration postponedAfter(long seconds) {
		return of(Duration.ofSeconds(seconds).plus(this.postponed));
	}

	Pace between(Duration min, Duration max) {
		return new Pace(min, max, this.postponed, this.speed);
	}

	Pace postponing(Duration duration) {
		return new Pace(this.least, this.most, duration, this.speed);
	}

	Pace times(int factor) {
		return new Pace(this.least, this.most, this.postponed, factor);
	}

}
