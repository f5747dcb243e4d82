package dz.flexy.gateway.stream;

import dz.flexy.gateway.callers.Authority;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Event streams of others' events, which begin, beat and end as those of orders do. */
@Component
public class EventStreams {

	private final EventStream stream;

	EventStreams(EventStream stream) {
		this.stream = stream;
	}

	/**
	 * A stream of events without ids: who comes back has missed nothing that counts.
	 * @param authority that lets the reader in; the stream ends with it
	 * @param name of each event
	 * @param data of each, a single line. A reader that is slower than they come must be
	 * thought of there
	 * @return a response that ends with the data or the authority, when its lifetime is
	 * over, when the gateway stops, or when its reader does not read
	 */
	public Mono<ServerResponse> answer(Authority authority, String name, Flux<String> data) {
		return this.stream.answer(authority, data.map((line) -> Frame.event(name, line)));
	}

}
