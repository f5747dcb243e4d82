package dz.flexy.gateway.callers;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.problem.InvalidSetting;
import dz.flexy.gateway.problem.SettingFaults;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The configured callers, found by their keys. */
@Component
class Callers {

	private static final String PREFIX = "gateway.callers.";

	private static final BigDecimal LEAST_WEIGHT = new BigDecimal("0.01");

	private static final BigDecimal MOST_WEIGHT = new BigDecimal("1000");

	private final KeyRing keys = new KeyRing();

	private final Map<CallerId, Caller> byId = new HashMap<>();

	@Autowired
	Callers(CallersProperties properties, Accounts accounts) {
		this(properties, accounts.all().stream().map(Account::id).toList());
	}

	Callers(CallersProperties properties, Collection<AccountId> accounts) {
		SettingFaults faults = new SettingFaults();
		properties.callers().forEach((name, settings) -> faults.collect(() -> add(name, settings, accounts)));
		faults.raise();
	}

	/** The caller of a key. */
	Optional<Caller> find(String key) {
		return this.keys.find(KeyDigest.ofKey(key));
	}

	/** The caller of a name. */
	Optional<Caller> find(CallerId id) {
		return Optional.ofNullable(this.byId.get(id));
	}

	private void add(String name, CallersProperties.Settings settings, Collection<AccountId> accounts) {
		String prefix = PREFIX + name;
		SettingFaults faults = new SettingFaults();
		faults.demand(!settings.keys().isEmpty(), prefix + ".keys[0]",
				"required: sha256:<hex of the key's SHA-256 digest>");
		faults.demand(settings.limit() >= 1 && settings.window().toMillis() >= 1000, prefix + ".limit",
				"limit must be 1 or more and window 1s or more");
		Optional<AccountId> account = faults.read(() -> account(prefix, settings.account(), accounts));
		Optional<Set<Scope>> scopes = faults.read(() -> scopes(prefix, settings.scopes()));
		Optional<BigDecimal> weight = faults.read(() -> weight(prefix, settings.weight()));
		Optional<Optional<SpendLimit>> spendLimit = faults.read(() -> spendLimit(prefix, settings));
		Optional<Optional<Instant>> directUntil = faults
			.read(() -> directUntil(prefix + ".direct-until", settings.directUntil()));
		Map<String, KeyDigest> digests = new LinkedHashMap<>();
		for (int i = 0; i < settings.keys().size(); i++) {
			String setting = prefix + ".keys[" + i + "]";
			String key = settings.keys().get(i);
			faults.collect(() -> digests.put(setting, KeyDigest.ofSetting(setting, key)));
		}
		faults.raise();
		Caller caller = new Caller(new CallerId(name), account.orElseThrow(), scopes.orElseThrow(), settings.limit(),
				settings.window(), Optional.ofNullable(settings.sendDeadline()), weight.orElseThrow(),
				spendLimit.orElseThrow(), directUntil.orElseThrow());
		this.byId.put(caller.id(), caller);
		digests.forEach((setting, digest) -> faults.collect(() -> this.keys.add(setting, digest, caller)));
		faults.raise();
	}

	private static BigDecimal weight(String prefix, BigDecimal weight) {
		if (weight.compareTo(LEAST_WEIGHT) < 0 || weight.compareTo(MOST_WEIGHT) > 0) {
			throw new InvalidSetting(prefix + ".weight",
					"must be " + LEAST_WEIGHT + " to " + MOST_WEIGHT + ", was " + weight.toPlainString());
		}
		return weight;
	}

	private static Optional<SpendLimit> spendLimit(String prefix, CallersProperties.Settings settings) {
		BigDecimal limit = settings.spendLimit();
		if (limit != null && limit.signum() <= 0) {
			throw new InvalidSetting(prefix + ".spend-limit",
					"must be an amount in DZD above 0, was " + limit.toPlainString());
		}
		if (settings.spendWindow().toMillis() < 1000) {
			throw new InvalidSetting(prefix + ".spend-window", "must be 1s or more, was " + settings.spendWindow());
		}
		return Optional.ofNullable(limit).map((amount) -> new SpendLimit(amount, settings.spendWindow()));
	}

	private static Optional<Instant> directUntil(String setting, @Nullable String text) {
		try {
			return Optional.ofNullable(text).map(Instant::parse);
		}
		catch (DateTimeParseException malformed) {
			throw new InvalidSetting(setting, "must be an instant such as 2026-10-30T00:00:00Z, was " + text);
		}
	}

	private static AccountId account(String prefix, @Nullable String name, Collection<AccountId> accounts) {
		if (name == null && accounts.size() == 1) {
			return accounts.iterator().next();
		}
		if (name == null || !accounts.contains(new AccountId(name))) {
			throw new InvalidSetting(prefix + ".account", "must name one of gateway.upstream.accounts");
		}
		return new AccountId(name);
	}

	/** Whoever acts on any order reads orders. */
	private static Set<Scope> scopes(String prefix, @Nullable Set<String> labels) {
		if (labels == null) {
			return Scope.DEFAULT;
		}
		SettingFaults faults = new SettingFaults();
		Set<Scope> scopes = labels.stream()
			.flatMap((label) -> faults.read(() -> scope(prefix, label)).stream())
			.collect(Collectors.toSet());
		faults.raise();
		if (scopes.contains(Scope.OPERATOR)) {
			scopes.add(Scope.ORDERS_READ);
		}
		return Set.copyOf(scopes);
	}

	private static Scope scope(String prefix, String label) {
		return Stream.of(Scope.values())
			.filter((scope) -> scope.label().equals(label))
			.findFirst()
			.orElseThrow(() -> new InvalidSetting(prefix + ".scopes", "unknown scope " + label));
	}

}
