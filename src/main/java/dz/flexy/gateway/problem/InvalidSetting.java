package dz.flexy.gateway.problem;

/**
 * A setting that is missing or contradicts another: the start stops with this one
 * message.
 */
public final class InvalidSetting extends RuntimeException {

	private final String setting;

	/**
	 * Names the setting and what is wrong with it.
	 * @param setting the property's full name
	 * @param reason what was expected; never the value of a secret
	 */
	public InvalidSetting(String setting, String reason) {
		super(setting + ": " + reason);
		this.setting = setting;
	}

	/**
	 * The property's full name, as in {@code application.yml}.
	 * @return the name
	 */
	public String setting() {
		return this.setting;
	}

}
