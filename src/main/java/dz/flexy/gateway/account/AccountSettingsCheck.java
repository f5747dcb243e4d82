package dz.flexy.gateway.account;

import dz.flexy.gateway.problem.SettingFaults;
import dz.flexy.gateway.problem.SettingsCheck;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.stereotype.Component;

/** Looks at the accounts' settings before there are accounts. */
@Component
class AccountSettingsCheck implements SettingsCheck {

	@Override
	public void check(Binder binder, SettingFaults faults) {
		AccountsProperties properties = binder.bindOrCreate("gateway.upstream", AccountsProperties.class);
		faults.collect(() -> AccountSettings.accounts(properties));
	}

}
