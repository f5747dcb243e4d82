package dz.flexy.gateway.orders;

import java.security.SecureRandom;
import java.util.List;

import dz.flexy.gateway.problem.SettingFaults;
import dz.flexy.gateway.problem.SettingsCheck;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.stereotype.Component;

/** Looks at the card keys before there is a vault. */
@Component
class OrderSettingsCheck implements SettingsCheck {

	@Override
	public void check(Binder binder, SettingFaults faults) {
		String key = binder.bind("gateway.orders.card-key", String.class).orElse("");
		List<String> old = binder.bind("gateway.orders.old-card-keys", Bindable.listOf(String.class)).orElse(List.of());
		faults.collect(() -> new CardVault(key, old, new SecureRandom()));
	}

}
