package dz.flexy.gateway.console;

import java.util.Map;

import dz.flexy.gateway.callers.Authority;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.stream.EventStreams;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** What the board asks besides orders. */
@Component
class BoardHandler {

	private final Gauges gauges;

	private final EventStreams streams;

	private final Envelope envelope;

	BoardHandler(Gauges gauges, EventStreams streams, Envelope envelope) {
		this.gauges = gauges;
		this.streams = streams;
		this.envelope = envelope;
	}

	/** As whom the browser is signed in. */
	Mono<ServerResponse> session(ServerRequest request) {
		Caller caller = Caller.of(request, Scope.ORDERS_READ);
		return this.envelope.ok(request, Map.of("caller", caller.id().value(), "account", caller.account().value(),
				"operator", caller.may(Scope.OPERATOR)));
	}

	Mono<ServerResponse> events(ServerRequest request) {
		Authority authority = Authority.of(request, Scope.ORDERS_READ);
		return this.streams.answer(authority, "gauges", this.gauges.of(Watcher.of(authority.caller())));
	}

}
