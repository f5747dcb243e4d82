package dz.flexy.gateway.callers;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dz.flexy.gateway.callers.Tickets.Admitted;
import dz.flexy.gateway.callers.Tickets.Opened;
import dz.flexy.gateway.lease.Replicas;
import reactor.core.publisher.Mono;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Lets browsers in that show a cookie, or a ticket in {@code ?ticket=}, which is answered
 * with a cookie. Each session has a quota of its own, in each replica, so that who
 * watches a page takes nothing from the caller who gave the ticket away.
 */
@Component
class Browsers {

	static final String ORDER_COOKIE = "flexy_order";

	static final String BOARD_COOKIE = "flexy_board";

	private static final String TICKET = "ticket";

	private static final List<String> BOARD_PATHS = List.of("/orders", "/console");

	/** Some megabytes. A session that is forgotten begins a new window. */
	private static final int MOST_SESSIONS = 20_000;

	private static final Duration REMEMBERED = Duration.ofMinutes(2);

	private final Cache<String, Quota> quotas = Caffeine.newBuilder()
		.maximumSize(MOST_SESSIONS)
		.expireAfterAccess(REMEMBERED)
		.build();

	private final Tickets tickets;

	private final FailedAttempts attempts;

	private final Replicas replicas;

	private final Clock clock;

	Browsers(Tickets tickets, FailedAttempts attempts, Replicas replicas, Clock clock) {
		this.tickets = tickets;
		this.attempts = attempts;
		this.replicas = replicas;
		this.clock = clock;
	}

	/** Whether a request shows anything to be let in by. */
	static boolean carries(ServerHttpRequest request) {
		return request.getCookies().containsKey(ORDER_COOKIE) || request.getCookies().containsKey(BOARD_COOKIE)
				|| showsTicket(request);
	}

	static boolean showsTicket(ServerHttpRequest request) {
		return HttpMethod.GET.equals(request.getMethod()) && request.getQueryParams().containsKey(TICKET);
	}

	/**
	 * Makes a cookie of a page's ticket if it is good. The page is shown in any case, and
	 * learns from its data whether it may go on.
	 */
	Mono<Void> open(ServerWebExchange exchange, Reach reach) {
		return session(exchange, reach).then().onErrorComplete();
	}

	/**
	 * What lets a request in: a cookie, so that a page may be loaded again, or else a
	 * ticket.
	 * @return never empty; fails with 401, with 429 if the session's quota is used up, or
	 * with 503
	 */
	Mono<Authority> admit(ServerWebExchange exchange, Reach reach) {
		List<String> shown = cookies(exchange.getRequest()).map(Secret::digest).toList();
		Optional<Quota> known = shown.stream().map(this.quotas::getIfPresent).filter(Objects::nonNull).findFirst();
		known.ifPresent((quota) -> quota.demand(exchange.getResponse().getHeaders()));
		Mono<Admitted> byCookie = shown.isEmpty() ? Mono.empty() : this.tickets.find(shown, reach);
		Mono<Admitted> byTicket = Mono.defer(() -> session(exchange, reach)).flatMap(this.tickets::admit);
		return byCookie.switchIfEmpty(byTicket)
			.switchIfEmpty(Mono.error(() -> this.attempts.unknownTicket(exchange.getRequest().getRemoteAddress())))
			.map((admitted) -> {
				if (known.isEmpty()) {
					quota(admitted).demand(exchange.getResponse().getHeaders());
				}
				keepOut(exchange.getResponse());
				exchange.getAttributes().put(Admitted.class.getName(), admitted);
				return admitted.authority();
			});
	}

	/** Takes the cookies of the board away. */
	static void forget(ServerHttpResponse response) {
		BOARD_PATHS.forEach((path) -> response.addCookie(cookie(BOARD_COOKIE, "", path, Duration.ZERO)));
	}

	private Quota quota(Admitted admitted) {
		return Objects.requireNonNull(this.quotas.get(admitted.session(),
				(session) -> new Quota(admitted.authority().caller(), this.replicas, this.clock)));
	}

	/** Of a ticket that is shown; empty if none is, or if it is not good. */
	private Mono<Ticket> session(ServerWebExchange exchange, Reach reach) {
		if (!showsTicket(exchange.getRequest())) {
			return Mono.empty();
		}
		return Mono.justOrEmpty(Secret.parse(exchange.getRequest().getQueryParams().getFirst(TICKET)))
			.flatMap((ticket) -> this.tickets.open(ticket, reach))
			.doOnNext((opened) -> give(opened, exchange.getResponse()))
			.map(Opened::ticket);
	}

	private static Stream<Secret> cookies(ServerHttpRequest request) {
		return Stream.of(ORDER_COOKIE, BOARD_COOKIE)
			.map((name) -> request.getCookies().getFirst(name))
			.filter(Objects::nonNull)
			.map(HttpCookie::getValue)
			.flatMap((value) -> Secret.parse(value).stream());
	}

	private static void give(Opened opened, ServerHttpResponse response) {
		String secret = opened.secret().text();
		if (opened.ticket().isBoard()) {
			BOARD_PATHS.forEach((path) -> response.addCookie(cookie(BOARD_COOKIE, secret, path, Tickets.BOARD_LIFE)));
		}
		else {
			response.addCookie(cookie(ORDER_COOKIE, secret, "/orders/" + opened.ticket().order(), Tickets.ORDER_LIFE));
		}
		keepOut(response);
	}

	/**
	 * A shared cache looks at no cookie: it would give what one may see, or the cookie
	 * itself, to the next who asks.
	 */
	private static void keepOut(ServerHttpResponse response) {
		response
			.beforeCommit(() -> Mono.fromRunnable(() -> response.getHeaders().setCacheControl(CacheControl.noStore())));
	}

	private static ResponseCookie cookie(String name, String value, String path, Duration life) {
		return ResponseCookie.from(name, value)
			.path(path)
			.maxAge(life)
			.httpOnly(true)
			.secure(true)
			.sameSite("Strict")
			.build();
	}

}
