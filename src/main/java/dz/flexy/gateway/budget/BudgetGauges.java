package dz.flexy.gateway.budget;

import dz.flexy.gateway.account.Account;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Shows budgets to who only looks: nothing is taken by it. */
@Component
public class BudgetGauges {

	private final Budget budget;

	private final UsageRows rows;

	BudgetGauges(Budget budget, UsageRows rows) {
		this.budget = budget;
		this.rows = rows;
	}

	/**
	 * An account's budget as the row that all replicas share has it now.
	 * @param account whose
	 * @return exactly one; fails if the database cannot be reached
	 */
	public Mono<BudgetGauge> read(Account account) {
		return this.rows.read(account.id())
			.map((row) -> this.budget.gate(account).gauge(row.usage().look(Gate.ceiling(account), row.now())));
	}

}
