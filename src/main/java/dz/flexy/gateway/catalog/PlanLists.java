package dz.flexy.gateway.catalog;

import java.time.Clock;
import java.time.Duration;

import dz.flexy.gateway.account.AccountId;

import org.springframework.stereotype.Component;

/** The mobile plans of each account. */
@Component
class PlanLists extends Copies<AccountId, PlanList> {

	static final Duration FRESH = Duration.ofMinutes(5);

	PlanLists(Source source, Clock clock) {
		super(clock, FRESH, (account) -> source.plans(account).map(PlanList::new));
	}

}
