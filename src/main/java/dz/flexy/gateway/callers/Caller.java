package dz.flexy.gateway.callers;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;

import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * One internal service that calls the gateway. Immutable.
 *
 * @param id its name
 * @param account the upstream account its orders are bought with
 * @param scopes what it may do
 * @param limit requests it may make in a window, over all replicas
 * @param window length of that window
 * @param sendDeadline how long its orders may wait to be begun, if not the common time
 * @param weight its share of the account's sends, compared with other callers' weights;
 * above 0
 * @param spendLimit how much it may order, if there is a limit
 * @param directUntil until when it may have bought from the upstream itself, if it moves
 * over from there
 */
public record Caller(CallerId id, AccountId account, Set<Scope> scopes, int limit, Duration window,
		Optional<Duration> sendDeadline, BigDecimal weight, Optional<SpendLimit> spendLimit,
		Optional<Instant> directUntil) {

	/**
	 * A caller that buys here only.
	 * @param id its name
	 * @param account the upstream account its orders are bought with
	 * @param scopes what it may do
	 * @param limit requests it may make in a window, over all replicas
	 * @param window length of that window
	 * @param sendDeadline how long its orders may wait to be begun, if not the common
	 * time
	 * @param weight its share of the account's sends; above 0
	 * @param spendLimit how much it may order, if there is a limit
	 */
	public Caller(CallerId id, AccountId account, Set<Scope> scopes, int limit, Duration window,
			Optional<Duration> sendDeadline, BigDecimal weight, Optional<SpendLimit> spendLimit) {
		this(id, account, scopes, limit, window, sendDeadline, weight, spendLimit, Optional.empty());
	}

	/**
	 * A caller of weight 1 without a spend limit that buys here only.
	 * @param id its name
	 * @param account the upstream account its orders are bought with
	 * @param scopes what it may do
	 * @param limit requests it may make in a window, over all replicas
	 * @param window length of that window
	 * @param sendDeadline how long its orders may wait to be begun, if not the common
	 * time
	 */
	public Caller(CallerId id, AccountId account, Set<Scope> scopes, int limit, Duration window,
			Optional<Duration> sendDeadline) {
		this(id, account, scopes, limit, window, sendDeadline, BigDecimal.ONE, Optional.empty());
	}

	/**
	 * The caller of an authenticated request that holds a scope.
	 * @param request the request
	 * @param scope what it wants to do
	 * @return the caller
	 * @throws Problem 403 {@code INSUFFICIENT_SCOPE} without the scope
	 */
	public static Caller of(ServerRequest request, Scope scope) {
		Caller caller = (Caller) request.attribute(Caller.class.getName())
			.orElseThrow(() -> new IllegalStateException("route outside the authenticated paths"));
		caller.demand(scope);
		return caller;
	}

	/**
	 * Insists on a scope.
	 * @param scope what it wants to do
	 * @throws Problem 403 {@code INSUFFICIENT_SCOPE} without the scope
	 */
	public void demand(Scope scope) {
		if (!may(scope)) {
			throw Problem.of(ErrorCode.INSUFFICIENT_SCOPE, "the key lacks the scope " + scope.label())
				.money(false, true);
		}
	}

	/**
	 * Whether it holds a scope.
	 * @param scope which
	 * @return whether
	 */
	public boolean may(Scope scope) {
		return this.scopes.contains(scope);
	}

	/**
	 * Whether orders of it may stand upstream that the gateway never saw.
	 * @param now the present
	 * @return until {@link #directUntil()}, exclusively
	 */
	public boolean direct(Instant now) {
		return this.directUntil.filter(now::isBefore).isPresent();
	}

}
