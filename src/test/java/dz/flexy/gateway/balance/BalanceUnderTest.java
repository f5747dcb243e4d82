package dz.flexy.gateway.balance;

import java.math.BigDecimal;

import dz.flexy.gateway.account.Account;
import reactor.core.publisher.Mono;

/** The balance as a caller asks for it, for tests of other modules. */
public final class BalanceUnderTest {

	private BalanceUnderTest() {
	}

	public static Mono<BigDecimal> shown(Balance balance, Account account) {
		return balance.shown(account.id());
	}

}
