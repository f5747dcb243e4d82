package dz.flexy.gateway.account;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * How the accounts stand, as known here: {@code DEGRADED} if one may not be used or its
 * sends are stopped. Asks nobody, and takes no replica out of service: all share it.
 */
@Component
class AccountsHealthIndicator implements HealthIndicator {

	private final Accounts accounts;

	private final SendStops sendStops;

	AccountsHealthIndicator(Accounts accounts, SendStops sendStops) {
		this.accounts = accounts;
		this.sendStops = sendStops;
	}

	@Override
	public Health health() {
		Map<String, String> details = new LinkedHashMap<>();
		this.accounts.all().forEach((account) -> details.put(account.id().value(), describe(account)));
		boolean stopped = details.values().stream().anyMatch((standing) -> standing.contains("stopped"));
		return (stopped ? Health.status("DEGRADED") : Health.up()).withDetails(details).build();
	}

	private String describe(Account account) {
		String standing = this.accounts.peek(account).map(AccountsHealthIndicator::describe).orElse("not read yet");
		return this.sendStops.isKnown(account.id()) ? standing + "; sends are stopped by hand" : standing;
	}

	private static String describe(Standing standing) {
		return (standing instanceof Standing.Stopped stopped)
				? "stopped until " + stopped.until() + ": " + stopped.reason() : standing.label();
	}

}
