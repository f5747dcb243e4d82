package dz.flexy.gateway.account;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dz.flexy.gateway.problem.InvalidSetting;
import dz.flexy.gateway.problem.SettingFaults;

/** Turns settings into accounts, or names the one that is wrong. */
final class AccountSettings {

	private static final String PREFIX = "gateway.upstream.accounts.";

	private AccountSettings() {
	}

	static Map<AccountId, Account> accounts(AccountsProperties properties) {
		if (properties.accounts().isEmpty()) {
			throw new InvalidSetting(PREFIX + "main.api-key",
					"required: the upstream access key of at least one account");
		}
		Map<AccountId, Account> accounts = new LinkedHashMap<>();
		SettingFaults faults = new SettingFaults();
		properties.accounts()
			.forEach((name, settings) -> faults
				.collect(() -> accounts.put(new AccountId(name), account(name, settings))));
		faults.collect(() -> refuseSharedKeys(accounts));
		faults.raise();
		return Map.copyOf(accounts);
	}

	/**
	 * Each account counts its calls by itself, so together they would exceed the key's
	 * limit.
	 */
	private static void refuseSharedKeys(Map<AccountId, Account> accounts) {
		Map<String, AccountId> owners = new HashMap<>();
		accounts.forEach((id, account) -> {
			AccountId owner = owners.putIfAbsent(account.key().reveal(), id);
			if (owner != null) {
				throw new InvalidSetting(PREFIX + id + ".api-key",
						"must not be the key of account " + owner + ": the upstream limits calls by key");
			}
		});
	}

	private static Account account(String name, AccountsProperties.Settings settings) {
		String prefix = PREFIX + name;
		UpstreamKey key = settings.apiKey();
		SettingFaults faults = new SettingFaults();
		faults.demand(key != null && !key.isBlank(), prefix + ".api-key", "required: the upstream access key");
		faults.demand(settings.limit() >= 1, prefix + ".limit", "must be 1 or more, was " + settings.limit());
		faults.demand(settings.window().toMillis() >= 1000, prefix + ".window",
				"must be 1s or more, was " + settings.window());
		faults.raise();
		return new Account(new AccountId(name), Objects.requireNonNull(key), settings.limit(), settings.window(),
				settings.type(), settings.exclusive());
	}

}
