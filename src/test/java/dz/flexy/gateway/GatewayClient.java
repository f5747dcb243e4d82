package dz.flexy.gateway;

import java.net.URI;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A caller of a gateway in another process. Repeats nothing by itself and keeps no
 * connection, so that a killed gateway is noticed at once.
 */
final class GatewayClient {

	private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT = new ParameterizedTypeReference<>() {
	};

	private static final JsonMapper JSON = new JsonMapper();

	private final WebClient http;

	GatewayClient(URI base, String key) {
		this.http = WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(HttpClient.newConnection().disableRetry(true)))
			.baseUrl(base.toString())
			.defaultHeader("X-Access-Token", key)
			.filter(ContractFilter.shared())
			.build();
	}

	/** Sends an ADSL order of 1000 DZD and waits for what becomes of it. */
	Mono<Answer> send(String number, String ref) {
		return send(number, ref, Map.of());
	}

	/** Sends the same and is answered as soon as it is accepted. */
	Mono<Answer> sendAsync(String number, String ref) {
		return send(number, ref, Map.of("Prefer", "respond-async"));
	}

	Mono<Answer> get(String path, Object... variables) {
		return this.http.get().uri(path, variables).exchangeToMono(GatewayClient::answer);
	}

	/** The numbers of an order's events from the first to the last; waits for that. */
	Mono<List<String>> numbers(String orderId) {
		return events("/orders/" + orderId + "/events").mapNotNull(ServerSentEvent::id).collectList();
	}

	/**
	 * A stream's events from the first on as they come, over one connection; heartbeats
	 * left out.
	 */
	Flux<ServerSentEvent<String>> events(String path) {
		return stream(path).filter((event) -> event.event() != null)
			.doOnNext((event) -> PublishedContract.shared().check(path, event));
	}

	/** The same with its comments and hints. */
	Flux<ServerSentEvent<String>> stream(String path) {
		return stream(path, "0");
	}

	Flux<ServerSentEvent<String>> stream(String path, String lastEventId) {
		return this.http.get()
			.uri(path)
			.accept(MediaType.TEXT_EVENT_STREAM)
			.header("Last-Event-ID", lastEventId)
			.retrieve()
			.bodyToFlux(EVENT);
	}

	/** Posts JSON and is answered as soon as the order is accepted. */
	Mono<Answer> postAsync(String path, Map<String, ?> body) {
		return post(path, body, Map.of("Prefer", "respond-async"));
	}

	private Mono<Answer> send(String number, String ref, Map<String, String> headers) {
		return post("/v3/internet/send", Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref), headers);
	}

	private Mono<Answer> post(String path, Map<String, ?> body, Map<String, String> headers) {
		return this.http.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.headers((all) -> headers.forEach(all::set))
			.bodyValue(body)
			.exchangeToMono(GatewayClient::answer);
	}

	private static Mono<Answer> answer(ClientResponse response) {
		return response.toEntity(String.class)
			.map((entity) -> new Answer(entity.getStatusCode().value(), entity.getHeaders(),
					JSON.readTree((entity.getBody() != null) ? entity.getBody() : "{}")));
	}

}
