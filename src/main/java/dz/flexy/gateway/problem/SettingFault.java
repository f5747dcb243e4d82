package dz.flexy.gateway.problem;

import java.util.Locale;

/**
 * What is wrong with a setting.
 *
 * @param setting the property's full name, as in {@code application.yml}
 * @param reason what was expected; never the value of a secret
 */
public record SettingFault(String setting, String reason) {

	/** The variable that sets it. */
	String variable() {
		return this.setting.replace("-", "")
			.replaceAll("[^A-Za-z0-9]+", "_")
			.replaceAll("_$", "")
			.toUpperCase(Locale.ROOT);
	}

	@Override
	public String toString() {
		return this.setting + ": " + this.reason;
	}

}
