package dz.flexy.gateway;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;

import io.netty.handler.codec.http.HttpHeaders;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Answers each path as a test says, to the byte, and knows each key. */
final class StubUpstream implements AutoCloseable {

	private static final String VALID = """
			{"success":true,"data":{"username":"+213555000001","apiKey":{"key":"k","isEnabled":true,
			"type":"PRODUCTION","allowedips":[],"scope":"READ-WRITE"}}}""";

	private static final int LONGEST_LINE = 16 * 1024;

	private final Map<String, BiFunction<Received, HttpServerResponse, Publisher<Void>>> answers = new ConcurrentHashMap<>();

	private final Queue<Received> received = new ConcurrentLinkedQueue<>();

	private final DisposableServer server = HttpServer.create()
		.port(0)
		.httpRequestDecoder((spec) -> spec.maxInitialLineLength(LONGEST_LINE))
		.handle(this::answer)
		.bindNow();

	StubUpstream() {
		json("/v3/validate", 200, VALID);
	}

	URI baseUrl() {
		return URI.create("http://localhost:" + this.server.port());
	}

	void on(String path, BiFunction<Received, HttpServerResponse, Publisher<Void>> answer) {
		this.answers.put(path, answer);
	}

	/** Answers that JSON. */
	void json(String path, int status, String body) {
		text(path, status, "application/json; charset=utf-8", body);
	}

	void text(String path, int status, String type, String body) {
		on(path, (request, response) -> response.status(status)
			.header("Content-Type", type)
			.sendString(Mono.just(body), StandardCharsets.UTF_8));
	}

	/** Reads the request and cuts the connection. */
	void cut(String path) {
		on(path, (request, response) -> {
			request.connection().channel().close();
			return Mono.never();
		});
	}

	/** Requests for that path, its query left out. */
	List<Received> received(String path) {
		return this.received.stream().filter((request) -> request.path().equals(path)).toList();
	}

	List<Received> all() {
		return List.copyOf(this.received);
	}

	void forget() {
		this.received.clear();
	}

	private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		Connection[] connection = new Connection[1];
		request.withConnection((own) -> {
			connection[0] = own;
			own.onDispose(() -> closed.complete(null));
			own.channel().closeFuture().addListener((end) -> closed.complete(null));
		});
		return request.receive().aggregate().asString().defaultIfEmpty("").flatMapMany((body) -> {
			Received one = new Received(request.method().name(), request.uri(), request.requestHeaders().copy(), body,
					connection[0], closed);
			this.received.add(one);
			return this.answers.getOrDefault(one.path(), StubUpstream::unrouted).apply(one, response);
		});
	}

	private static Publisher<Void> unrouted(Received request, HttpServerResponse response) {
		return response.status(404)
			.header("Content-Type", "application/json; charset=utf-8")
			.sendString(Mono.just("{\"message\":\"Route not found\",\"error\":\"Not Found\",\"statusCode\":404}"));
	}

	@Override
	public void close() {
		this.server.disposeNow();
	}

	/**
	 * What came.
	 *
	 * @param uri as written
	 * @param closed done when the connection is gone
	 */
	record Received(String method, String uri, HttpHeaders headers, String body, Connection connection,
			CompletableFuture<Void> closed) {

		String path() {
			return this.uri.replaceFirst("\\?.*", "");
		}

	}

}
