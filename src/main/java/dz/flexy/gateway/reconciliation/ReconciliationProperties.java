package dz.flexy.gateway.reconciliation;

import java.time.Duration;

import dz.flexy.gateway.problem.SettingFaults;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When books are compared.
 *
 * @param every how often by itself
 * @param overlap how much of what was compared before is compared again: an order may
 * stay QUEUED for 48 h and UNKNOWN_ERROR for 24 h (contract section 10.4), and one that
 * was FULFILLED may turn REFUNDED later
 * @param settled nothing younger is compared: an order, its row in a list and its row in
 * the ledger do not appear at once
 * @param grace how long an order that is open here and ended there has to be followed to
 * its end; sweeps that are told to look need seconds, three reads for a card 60
 * @param pause before a page that could not be read is read again
 * @param retry before a comparison that could not be done in full is done again; doubles
 * up to an hour
 */
@ConfigurationProperties("gateway.reconciliation")
record ReconciliationProperties(@DefaultValue("24h") Duration every, @DefaultValue("72h") Duration overlap,
		@DefaultValue("10m") Duration settled, @DefaultValue("2m") Duration grace, @DefaultValue("5s") Duration pause,
		@DefaultValue("1m") Duration retry) {

	ReconciliationProperties {
		SettingFaults faults = new SettingFaults();
		demand(faults, "every", every, Duration.ofMinutes(1), Duration.ofDays(7));
		demand(faults, "overlap", overlap, Duration.ZERO, Duration.ofDays(21));
		demand(faults, "settled", settled, Duration.ZERO, Duration.ofHours(1));
		demand(faults, "grace", grace, Duration.ZERO, Duration.ofHours(1));
		demand(faults, "pause", pause, Duration.ofMillis(1), Duration.ofMinutes(1));
		demand(faults, "retry", retry, Duration.ofSeconds(1), Duration.ofHours(1));
		faults.raise();
	}

	private static void demand(SettingFaults faults, String name, Duration value, Duration least, Duration most) {
		faults.demand(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, "gateway.reconciliation." + name,
				"must be from " + least + " to " + most + ", was " + value);
	}

}
