package dz.flexy.gateway.callers;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Which tickets and cookies let a request in. None lets it do more than read, except to
 * sign out.
 *
 * @param order a ticket of this order
 * @param board whether one of the board
 * @param card whether it asks for a card
 */
record Reach(@Nullable String order, boolean board, boolean card) {

	static final String SIGN_OUT = "/orders/sign-out";

	private static final PathPattern START = parse("/");

	private static final PathPattern PAGE = parse("/track/{id}");

	private static final PathPattern CARD = parse("/orders/{id}/card");

	private static final List<PathPattern> ORDER = List.of(parse("/orders/{id}"), parse("/orders/{id}/events"), CARD);

	private static final List<PathPattern> BOARD = List.of(parse("/orders/**"), parse("/console/**"));

	/** Of a page, which is shown to anybody: a ticket only makes a cookie there. */
	static Optional<Reach> ofPage(ServerHttpRequest request) {
		if (!HttpMethod.GET.equals(request.getMethod())) {
			return Optional.empty();
		}
		PathContainer path = path(request);
		return START.matches(path) ? Optional.of(new Reach(null, true, false))
				: Optional.ofNullable(PAGE.matchAndExtract(path)).map((page) -> ofOrder(page, false, false));
	}

	/** Of what needs a caller; empty if nothing but a key lets it in. */
	static Optional<Reach> ofData(ServerHttpRequest request) {
		PathContainer path = path(request);
		if (isSignOut(request)) {
			return Optional.of(new Reach(null, true, false));
		}
		if (!HttpMethod.GET.equals(request.getMethod())) {
			return Optional.empty();
		}
		for (PathPattern pattern : ORDER) {
			PathPattern.PathMatchInfo order = pattern.matchAndExtract(path);
			if (order != null) {
				return Optional.of(ofOrder(order, true, CARD.matches(path)));
			}
		}
		return BOARD.stream().anyMatch((pattern) -> pattern.matches(path)) ? Optional.of(new Reach(null, true, false))
				: Optional.empty();
	}

	private static boolean isSignOut(ServerHttpRequest request) {
		return HttpMethod.POST.equals(request.getMethod()) && path(request).value().equals(SIGN_OUT);
	}

	boolean covers(Ticket ticket) {
		return (ticket.order() == null) ? this.board : ticket.order().equals(this.order);
	}

	private static Reach ofOrder(PathPattern.PathMatchInfo match, boolean board, boolean card) {
		return new Reach(match.getUriVariables().get("id"), board, card);
	}

	private static PathContainer path(ServerHttpRequest request) {
		return request.getPath().pathWithinApplication();
	}

	private static PathPattern parse(String pattern) {
		return PathPatternParser.defaultInstance.parse(pattern);
	}

}
