package dz.flexy.gateway.simulator;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * The scripted faults. A request meets at most one: the first rule, in order of writing,
 * that hits it. Requests over the rate limit meet none.
 */
public final class Faults {

	private final List<FaultRule> rules = new CopyOnWriteArrayList<>();

	Faults() {
	}

	/** Lets the next matching request meet the fault. */
	public FaultRule next(Fault fault, Predicate<ReceivedRequest> match) {
		FaultRule rule = new FaultRule(fault, match);
		this.rules.add(rule);
		return rule;
	}

	/** In order of writing. */
	List<FaultRule> rules() {
		return List.copyOf(this.rules);
	}

	public void clear() {
		this.rules.clear();
	}

	Optional<Fault> pick(ReceivedRequest request) {
		return this.rules.stream().filter((rule) -> rule.hit(request)).findFirst().map(FaultRule::fault);
	}

}
