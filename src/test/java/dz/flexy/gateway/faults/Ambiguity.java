package dz.flexy.gateway.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How long orders were unclear, by the ledger's log. */
final class Ambiguity {

	private static final String UNKNOWN = "SEND_UNKNOWN";

	private Ambiguity() {
	}

	/**
	 * The time that each order spent in {@code SEND_UNKNOWN} in all; those that still are
	 * there are left out.
	 */
	static List<Duration> of(History history) {
		Set<String> left = history.entries()
			.stream()
			.filter((entry) -> entry.state().equals(UNKNOWN))
			.map(Entry::id)
			.collect(Collectors.toSet());
		Map<String, Instant> since = new HashMap<>();
		Map<String, Duration> spent = new HashMap<>();
		history.steps().stream().filter((step) -> !left.contains(step.order())).forEach((step) -> {
			if (UNKNOWN.equals(step.previous())) {
				spent.merge(step.order(), Duration.between(since.getOrDefault(step.order(), step.at()), step.at()),
						Duration::plus);
			}
			if (step.state().equals(UNKNOWN)) {
				since.put(step.order(), step.at());
			}
		});
		return new ArrayList<>(spent.values());
	}

	/** How long sends whose replica was gone stood before another one saw it. */
	static List<Duration> orphaned(History history) {
		Map<String, Instant> sending = new HashMap<>();
		List<Duration> orphaned = new ArrayList<>();
		history.steps().forEach((step) -> {
			if ("sending broke off".equals(step.reason()) && step.state().equals(UNKNOWN)) {
				orphaned.add(Duration.between(sending.getOrDefault(step.order(), step.at()), step.at()));
			}
			if (step.state().equals("SENDING")) {
				sending.put(step.order(), step.at());
			}
		});
		return orphaned;
	}

}
