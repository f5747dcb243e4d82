package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which status an order has at which age: fixed when the order is accepted, read with any
 * clock. Immutable; steps are in order of age and the first has age zero.
 */
record Timeline(List<Step> steps) {

	record Step(Duration age, String status) {
	}

	Timeline {
		steps = List.copyOf(steps);
	}

	/** The family's usual beginning, before anything is decided at {@code decided}. */
	static Timeline begun(Family family, Duration decided) {
		Timeline begun = new Timeline(List.of(new Step(Duration.ZERO, family.first())));
		return (family == Family.MOBILE) ? begun.then(decided.dividedBy(3), "HANDLING") : begun;
	}

	Timeline then(Duration age, String status) {
		List<Step> more = new ArrayList<>(this.steps);
		more.add(new Step(age, status));
		return new Timeline(more);
	}

	/** This timeline until that age, and the status for ever after it. */
	Timeline cut(Duration age, String status) {
		List<Step> kept = this.steps.stream().filter((step) -> step.age().compareTo(age) <= 0).toList();
		return new Timeline(kept).then(age, status);
	}

	String at(Duration age) {
		return step(age).status();
	}

	/** The age at which the status of that age began. */
	Duration since(Duration age) {
		return step(age).age();
	}

	private Step step(Duration age) {
		return this.steps.reversed()
			.stream()
			.filter((step) -> step.age().compareTo(age) <= 0)
			.findFirst()
			.orElse(this.steps.getFirst());
	}

	/** The age at which that status is first reached, if it ever is. */
	Optional<Duration> reaching(String status) {
		return this.steps.stream().filter((step) -> step.status().equals(status)).map(Step::age).findFirst();
	}

}
