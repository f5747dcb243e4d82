package dz.flexy.gateway.problem;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Settings that are missing or contradict others: the start stops with this one message,
 * which names them all.
 */
public final class InvalidSetting extends RuntimeException {

	private final transient List<SettingFault> faults;

	/**
	 * Names a setting and what is wrong with it.
	 * @param setting the property's full name
	 * @param reason what was expected; never the value of a secret
	 */
	public InvalidSetting(String setting, String reason) {
		this(List.of(new SettingFault(setting, reason)));
	}

	/**
	 * Names several.
	 * @param faults one or more
	 */
	public InvalidSetting(List<SettingFault> faults) {
		super(message(faults));
		this.faults = List.copyOf(faults);
	}

	/**
	 * The first property's full name, as in {@code application.yml}.
	 * @return the name
	 */
	public String setting() {
		return this.faults.getFirst().setting();
	}

	/**
	 * What is wrong with which.
	 * @return one or more
	 */
	public List<SettingFault> faults() {
		return this.faults;
	}

	private static String message(List<SettingFault> faults) {
		return (faults.size() == 1) ? faults.getFirst().toString()
				: faults.stream()
					.map((fault) -> "\n- " + fault)
					.collect(Collectors.joining("", faults.size() + " settings are wrong:", ""));
	}

}
