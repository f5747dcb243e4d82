package dz.flexy.gateway.simulator;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The faults that can be asked for by name over HTTP. Those with a duration take it in
 * seconds, those with a status as it is.
 */
final class NamedFaults {

	private static final Map<String, Function<Integer, Fault>> BY_NAME = Map.ofEntries(
			Map.entry("answerLost", (argument) -> Fault.answerLost()),
			Map.entry("hiddenFor", (argument) -> Fault.hiddenFor(Duration.ofSeconds(argument))),
			Map.entry("cutBeforeCommit", (argument) -> Fault.cutBeforeCommit()),
			Map.entry("resetBeforeCommit", (argument) -> Fault.resetBeforeCommit()),
			Map.entry("resetAfterCommit", (argument) -> Fault.resetAfterCommit()),
			Map.entry("hangBeforeCommit", (argument) -> Fault.hangBeforeCommit()),
			Map.entry("hangAfterCommit", (argument) -> Fault.hangAfterCommit()),
			Map.entry("errorBeforeCommit", (argument) -> Fault.errorBeforeCommit()),
			Map.entry("errorAfterCommit", (argument) -> Fault.errorAfterCommit()),
			Map.entry("unavailableBeforeCommit", (argument) -> Fault.unavailableBeforeCommit()),
			Map.entry("unavailableAfterCommit", (argument) -> Fault.unavailableAfterCommit()),
			Map.entry("unavailableFor", (argument) -> Fault.unavailableFor(Duration.ofSeconds(argument))),
			Map.entry("authUnavailable", (argument) -> Fault.authUnavailable()),
			Map.entry("duplicatedRef", (argument) -> Fault.duplicatedRef()),
			Map.entry("limited", (argument) -> Fault.limited(Duration.ofSeconds(argument))),
			Map.entry("htmlBeforeCommit", Fault::htmlBeforeCommit),
			Map.entry("htmlAfterCommit", Fault::htmlAfterCommit),
			Map.entry("truncatedJson", (argument) -> Fault.truncatedJson()),
			Map.entry("bodyCutShort", (argument) -> Fault.bodyCutShort()),
			Map.entry("slowBody", (argument) -> Fault.slowBody(Duration.ofSeconds(argument))),
			Map.entry("delayed", (argument) -> Fault.delayed(Duration.ofSeconds(argument))),
			Map.entry("rateHeadersMissing", (argument) -> Fault.rateHeadersMissing()),
			Map.entry("rateHeadersMalformed", (argument) -> Fault.rateHeadersMalformed()),
			Map.entry("rateHeadersAbsurd", (argument) -> Fault.rateHeadersAbsurd()),
			Map.entry("nothingRemaining", (argument) -> Fault.nothingRemaining()));

	private NamedFaults() {
	}

	static Optional<Fault> find(String name, int argument) {
		return Optional.ofNullable(BY_NAME.get(name)).map((factory) -> factory.apply(argument));
	}

}
