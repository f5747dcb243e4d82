package dz.flexy.gateway.console;

import java.util.Optional;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.Scope;

/**
 * Who looks at the board, and so what of it is shown. All who see the same are one.
 *
 * @param caller whose orders; empty for everybody's
 * @param account which budget; empty for all
 */
record Watcher(Optional<CallerId> caller, Optional<AccountId> account) {

	/** An operator sees everything, a caller what is his and the account he buys with. */
	static Watcher of(Caller caller) {
		return caller.may(Scope.OPERATOR) ? new Watcher(Optional.empty(), Optional.empty())
				: new Watcher(Optional.of(caller.id()), Optional.of(caller.account()));
	}

	boolean seesAll() {
		return this.caller.isEmpty();
	}

	boolean sees(AccountId other) {
		return this.account.map(other::equals).orElse(true);
	}

}
