package dz.flexy.gateway.problem;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints an {@link InvalidSetting} instead of a stack trace. */
class InvalidSettingAnalyzer extends AbstractFailureAnalyzer<InvalidSetting> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, InvalidSetting cause) {
		String environment = cause.setting()
			.replace("-", "")
			.replaceAll("[^A-Za-z0-9]+", "_")
			.replaceAll("_$", "")
			.toUpperCase(Locale.ROOT);
		return new FailureAnalysis(cause.getMessage(),
				"Set " + cause.setting() + ", or " + environment + " in the environment.", cause);
	}

}
