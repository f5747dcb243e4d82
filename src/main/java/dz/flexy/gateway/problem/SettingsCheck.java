package dz.flexy.gateway.problem;

import org.springframework.boot.context.properties.bind.Binder;

/**
 * What a module demands of its settings beyond what each group of them can tell alone. A
 * bean that needs nothing: it is asked before there is any other.
 */
public interface SettingsCheck {

	/**
	 * Looks at the settings.
	 * @param binder reads them; what cannot be read is reported by others and left out
	 * @param faults where to put what is wrong
	 */
	void check(Binder binder, SettingFaults faults);

}
