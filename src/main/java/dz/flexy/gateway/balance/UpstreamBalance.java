package dz.flexy.gateway.balance;

import java.math.BigDecimal;
import java.time.Duration;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Reads the balance upstream. */
@Component
class UpstreamBalance implements BalanceSource {

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

	private final Upstream upstream;

	private final Accounts accounts;

	UpstreamBalance(Upstream upstream, Accounts accounts) {
		this.upstream = upstream;
		this.accounts = accounts;
	}

	@Override
	public Mono<BigDecimal> balance(AccountId account) {
		return this.upstream.balance(Call.lookup(this.accounts.get(account), LONGEST_WAIT)).map(Outcome::orThrow);
	}

}
