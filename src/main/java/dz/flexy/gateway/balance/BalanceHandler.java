package dz.flexy.gateway.balance;

import java.util.Map;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Envelope;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Shows the balance of the account that the caller's orders are bought with. */
@Component
class BalanceHandler {

	private final Envelope envelope;

	private final Balance balance;

	BalanceHandler(Envelope envelope, Balance balance) {
		this.envelope = envelope;
		this.balance = balance;
	}

	Mono<ServerResponse> balance(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.BALANCE_READ);
		return this.balance.shown(caller.account())
			.flatMap((available) -> this.envelope.ok(request, Map.of("balance", available)));
	}

}
