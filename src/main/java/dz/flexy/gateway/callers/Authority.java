package dz.flexy.gateway.callers;

import java.util.Optional;

import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestNotes;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * What lets a request in, and for how long: whatever goes on after the answer has begun
 * must end with it.
 *
 * @param caller for whom it acts, with the scopes that it has, which may be fewer than
 * the caller's
 * @param ended completes when it ends: never for a caller's key, at its time or at the
 * sign-out for a browser's cookie. Never fails; may be subscribed to many times;
 * cancelling frees what it holds
 * @param customer whether it is that of a ticket of one order, whose bearer buys from the
 * caller: the caller's business with the gateway is not his
 * @param session what it is one of, the same for all its requests; empty for a key
 */
public record Authority(Caller caller, Mono<Void> ended, boolean customer, Optional<String> session) {

	/**
	 * One that is the caller's own.
	 * @param caller for whom it acts
	 * @param ended completes when it ends
	 */
	public Authority(Caller caller, Mono<Void> ended) {
		this(caller, ended, false, Optional.empty());
	}

	/**
	 * The authority of an authenticated request that holds a scope.
	 * @param request the request
	 * @param scope what it wants to do
	 * @return the authority
	 * @throws Problem 403 {@code INSUFFICIENT_SCOPE} without the scope
	 */
	public static Authority of(ServerRequest request, Scope scope) {
		Caller caller = Caller.of(request, scope);
		return (Authority) request.attribute(Authority.class.getName()).orElseGet(() -> ofKey(caller));
	}

	static Authority ofKey(Caller caller) {
		return new Authority(caller, Mono.never());
	}

	void enter(ServerWebExchange exchange) {
		exchange.getAttributes().put(Caller.class.getName(), this.caller);
		RequestNotes.of(exchange).caller(this.caller.id().value());
		exchange.getAttributes().put(Authority.class.getName(), this);
	}

}
