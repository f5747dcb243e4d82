package dz.flexy.gateway.problem;

import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints an {@link InvalidSetting} instead of a stack trace. */
class InvalidSettingAnalyzer extends AbstractFailureAnalyzer<InvalidSetting> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, InvalidSetting cause) {
		String action = cause.faults()
			.stream()
			.map((fault) -> "Set " + fault.setting() + ", or " + fault.variable() + " in the environment.")
			.distinct()
			.collect(Collectors.joining("\n"));
		return new FailureAnalysis(cause.getMessage(), action, cause);
	}

}
