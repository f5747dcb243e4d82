package dz.flexy.gateway.orders;

import java.util.Optional;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;

import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Which events somebody wants to hear of.
 *
 * @param caller whose orders; empty for everybody's
 * @param product of which product, as ordered; empty for any
 * @param status what callers see after the event; empty for any
 * @param ending whether the order is final after the event; empty for both
 * @param others whether orders may be another caller's than the reader's, so that each
 * says whose it is
 * @param states whether changes of state that callers do not see are wanted too
 */
public record Selection(Optional<CallerId> caller, Optional<String> product, Optional<String> status,
		Optional<Boolean> ending, boolean others, boolean states) {

	/**
	 * Everything of one caller.
	 * @param caller whose orders
	 * @return no further condition
	 */
	public static Selection of(CallerId caller) {
		return new Selection(Optional.of(caller), Optional.empty(), Optional.empty(), Optional.empty(), false, false);
	}

	/**
	 * What a request asks for by {@code caller}, {@code product}, {@code status},
	 * {@code final} and {@code states}.
	 * @param request with any parameters
	 * @param reader who asks
	 * @return without {@code caller} his own orders
	 * @throws dz.flexy.gateway.problem.Problem 400 naming the parameter whose value is
	 * not known, 403 for others' orders without the scope {@code operator}
	 */
	public static Selection asked(ServerRequest request, Caller reader) {
		Query query = new Query(request);
		Query.Whose whose = query.whose(reader);
		return new Selection(whose.caller(), query.text("product"), query.status(), query.flag("final"), whose.others(),
				query.flag("states").orElse(false));
	}

	/**
	 * Whether an event is wanted.
	 * @param event any; one that callers do not see never is
	 * @return whether
	 */
	public boolean includes(OrderEvent event) {
		return event.number().isPresent() && matches(event);
	}

	/**
	 * Whether an event meets the conditions but is none that callers see.
	 * @param event any
	 * @return whether; never unless such changes are wanted
	 */
	public boolean includesUnseen(OrderEvent event) {
		return this.states && event.number().isEmpty() && matches(event);
	}

	private boolean matches(OrderEvent event) {
		return includes(this.caller, event.caller()) && includes(this.product, event.item().product())
				&& includes(this.status, event.status()) && includes(this.ending, event.state().isFinal());
	}

	private static boolean includes(Optional<?> wanted, Object value) {
		return wanted.isEmpty() || wanted.get().equals(value);
	}

}
