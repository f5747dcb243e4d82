package dz.flexy.gateway.callers;

import java.util.List;
import java.util.Map;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.problem.SettingFaults;
import dz.flexy.gateway.problem.SettingsCheck;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.stereotype.Component;

/** Looks at the callers' settings before there are callers. */
@Component
class CallerSettingsCheck implements SettingsCheck {

	/** That there is none is told by the accounts. */
	private static final List<AccountId> UNKNOWN = List.of(new AccountId("main"));

	@Override
	public void check(Binder binder, SettingFaults faults) {
		List<AccountId> accounts = binder.bind("gateway.upstream.accounts", Bindable.mapOf(String.class, Object.class))
			.map(Map::keySet)
			.map((names) -> names.stream().map(AccountId::new).toList())
			.orElse(UNKNOWN);
		CallersProperties properties = binder.bindOrCreate("gateway", CallersProperties.class);
		faults.collect(() -> new Callers(properties, accounts));
		faults.collect(() -> AuthenticationFilter.actuator(
				binder.bind(AuthenticationFilter.ACTUATOR, String.class).orElse(AuthenticationFilter.USUAL_ACTUATOR)));
	}

}
