package dz.flexy.gateway.faults;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Reads one stream as an {@code EventSource} does: from the first event on, again after
 * each break with the last id it saw, until it is told that nothing follows.
 */
final class StreamReader implements Runnable {

	/** Some heartbeats. */
	static final Duration LONGEST_SILENCE = Duration.ofSeconds(6);

	private static final Duration PAUSE = Duration.ofMillis(300);

	private static final HttpClient HTTP = HttpClient
		.create(ConnectionProvider.builder("readers").maxConnections(2000).build())
		.disableRetry(true);

	private static final WebClient CLIENT = WebClient.builder()
		.clientConnector(new ReactorClientHttpConnector(HTTP))
		.build();

	private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT = new ParameterizedTypeReference<>() {
	};

	private static final JsonMapper JSON = new JsonMapper();

	private final List<URI> replicas;

	private final String caller;

	private final String path;

	private final String subject;

	private final AtomicBoolean closing;

	private final List<Long> ids = new ArrayList<>();

	private String last = "0";

	private String lastStatus = "";

	private boolean ended;

	private int resets;

	private int skips;

	private int connections;

	/**
	 * A reader that has not begun.
	 * @param path of the stream
	 * @param subject the order or the caller that it is about
	 * @param closing once true, it reads no further connection
	 */
	StreamReader(List<URI> replicas, String caller, String path, String subject, AtomicBoolean closing) {
		this.replicas = replicas;
		this.caller = caller;
		this.path = path;
		this.subject = subject;
		this.closing = closing;
	}

	@Override
	public void run() {
		while (!isEnded() && !this.closing.get()) {
			try {
				connect().takeUntil((event) -> this.closing.get()).blockLast();
			}
			catch (RuntimeException broken) {
				// Comes back, as a browser does.
			}
			Patience.pause(PAUSE);
		}
	}

	synchronized Seen seen() {
		return new Seen(this.subject, List.copyOf(this.ids), this.lastStatus, this.ended, this.resets, this.skips,
				this.connections);
	}

	private synchronized boolean isEnded() {
		return this.ended;
	}

	private synchronized Flux<ServerSentEvent<String>> connect() {
		this.connections++;
		URI replica = this.replicas.get(ThreadLocalRandom.current().nextInt(this.replicas.size()));
		return CLIENT.get()
			.uri(replica.resolve(this.path))
			.accept(MediaType.TEXT_EVENT_STREAM)
			.header("X-Access-Token", Shopping.key(this.caller))
			.header("Last-Event-ID", this.last)
			.exchangeToFlux(this::read)
			.timeout(LONGEST_SILENCE)
			.doOnNext(this::take);
	}

	private Flux<ServerSentEvent<String>> read(ClientResponse response) {
		if (response.statusCode().value() == 204) {
			end();
		}
		return (response.statusCode().value() == 200) ? response.bodyToFlux(EVENT)
				: response.releaseBody().thenMany(Flux.empty());
	}

	private synchronized void end() {
		this.ended = true;
	}

	private synchronized void take(ServerSentEvent<String> event) {
		String id = event.id();
		if (id != null) {
			this.last = id;
		}
		String data = event.data();
		if (event.event() == null || id == null || data == null) {
			return;
		}
		if (event.event().equals("reset")) {
			this.resets++;
			return;
		}
		JsonNode change = JSON.readTree(data);
		this.ids.add(Long.valueOf(id));
		this.lastStatus = change.path("status").asString("");
		this.skips += change.path("skipped").asBoolean(false) ? 1 : 0;
	}

}
