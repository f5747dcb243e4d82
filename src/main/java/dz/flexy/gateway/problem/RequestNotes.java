package dz.flexy.gateway.problem;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.web.server.ServerWebExchange;

/**
 * What modules learn of a request on its way that belongs into its one line of the log.
 * Never a key, a number, a reference or a body. Thread-safe; the last note stands.
 */
public final class RequestNotes {

	private volatile @Nullable String caller;

	private volatile @Nullable String upstreamRequest;

	/**
	 * Of an exchange that passed this module's filter.
	 * @param exchange any
	 * @return its notes; ones that nobody reads before the filter ran
	 */
	public static RequestNotes of(ServerWebExchange exchange) {
		RequestNotes notes = exchange.getAttribute(RequestNotes.class.getName());
		return (notes != null) ? notes : new RequestNotes();
	}

	/**
	 * Of the request on whose behalf a pipeline runs.
	 * @param context the Reactor context
	 * @return its notes; empty in a background job
	 */
	public static Optional<RequestNotes> of(ContextView context) {
		return context.getOrEmpty(RequestNotes.class);
	}

	void enter(ServerWebExchange exchange) {
		exchange.getAttributes().put(RequestNotes.class.getName(), this);
	}

	Context in(Context context) {
		return context.put(RequestNotes.class, this);
	}

	/**
	 * Notes who calls.
	 * @param name the caller's, from the settings
	 */
	public void caller(String name) {
		this.caller = name;
	}

	/**
	 * Notes that the upstream was asked on the request's behalf.
	 * @param id the upstream's own id of that
	 */
	public void upstreamRequest(String id) {
		this.upstreamRequest = id;
	}

	/**
	 * Who calls.
	 * @return {@code -} if that is not known
	 */
	public String caller() {
		String known = this.caller;
		return (known != null) ? known : "-";
	}

	/**
	 * The upstream's id of the last call that was made for the request.
	 * @return {@code -} if none was
	 */
	public String upstreamRequest() {
		String known = this.upstreamRequest;
		return (known != null) ? known : "-";
	}

}
