package dz.flexy.gateway.browser;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Skips tests that need a browser, and says so. */
final class ChromiumIsInstalled implements ExecutionCondition {

	private static final Logger log = LoggerFactory.getLogger(ChromiumIsInstalled.class);

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (Chromium.isInstalled()) {
			return ConditionEvaluationResult.enabled("Chromium is installed");
		}
		log.error("SKIPPED {}: no Chromium was found, so nobody has looked at the pages", context.getDisplayName());
		return ConditionEvaluationResult.disabled("no Chromium was found");
	}

}
