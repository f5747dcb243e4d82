package dz.flexy.gateway.account;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import dz.flexy.gateway.problem.InvalidSetting;

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
		properties.accounts().forEach((name, settings) -> accounts.put(new AccountId(name), account(name, settings)));
		refuseSharedKeys(accounts);
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
		if (settings.apiKey() == null || settings.apiKey().isBlank()) {
			throw new InvalidSetting(prefix + ".api-key", "required: the upstream access key");
		}
		if (settings.limit() < 1) {
			throw new InvalidSetting(prefix + ".limit", "must be 1 or more, was " + settings.limit());
		}
		if (settings.window().toMillis() < 1000) {
			throw new InvalidSetting(prefix + ".window", "must be 1s or more, was " + settings.window());
		}
		return new Account(new AccountId(name), settings.apiKey(), settings.limit(), settings.window(), settings.type(),
				settings.exclusive());
	}

}
