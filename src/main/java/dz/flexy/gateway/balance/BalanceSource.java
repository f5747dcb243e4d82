package dz.flexy.gateway.balance;

import java.math.BigDecimal;

import dz.flexy.gateway.account.AccountId;
import reactor.core.publisher.Mono;

/** Where balances come from; each subscription is one call. */
@FunctionalInterface
interface BalanceSource {

	/** Emits exactly one balance in DZD, or a {@code Problem}. */
	Mono<BigDecimal> balance(AccountId account);

}
