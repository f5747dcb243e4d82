package dz.flexy.gateway;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A caller who asks at an even pace whatever he is answered, and nothing twice: each
 * replica in turn, each time with a number that nobody used before.
 */
final class OpenLoop implements AutoCloseable {

	/**
	 * A replica that is frozen keeps a caller waiting; so many connections to each do not
	 * run out before the time-outs.
	 */
	private static final HttpClient HTTP = HttpClient
		.create(ConnectionProvider.builder("load")
			.maxConnections(800)
			.pendingAcquireMaxCount(1600)
			.pendingAcquireTimeout(Duration.ofSeconds(5))
			.build())
		.disableRetry(true);

	/** An order is fulfilled one second after its send. */
	private static final String QUICK = "81";

	/** Longer than a gateway lets a send wait for its outcome. */
	private static final Duration SEND_PATIENCE = Duration.ofSeconds(15);

	/** Longer than a gateway lets a lookup wait for its turn. */
	private static final Duration LOOKUP_PATIENCE = Duration.ofSeconds(70);

	private final List<WebClient> replicas;

	private final int prefix;

	private final Duration period;

	private final Function<Question, Mono<HttpReply>> ask;

	private final Queue<Offered> offered = new ConcurrentLinkedQueue<>();

	private @Nullable Disposable running;

	private OpenLoop(List<URI> replicas, String key, int prefix, Duration period,
			Function<Question, Mono<HttpReply>> ask) {
		this.replicas = replicas.stream().map((uri) -> client(uri, key)).toList();
		this.prefix = prefix;
		this.period = period;
		this.ask = ask;
	}

	/**
	 * One request and what came of it.
	 *
	 * @param number whose
	 * @param at when it was made
	 * @param status HTTP status, 0 if there was no answer in time
	 * @param retryAfter of the answer, if it said
	 * @param took until the answer or the end of patience
	 */
	record Offered(String number, Instant at, int status, @Nullable String retryAfter, Duration took) {
	}

	/** Orders of 1000 DZD, numbers beginning with 0 and that digit. */
	static OpenLoop sends(List<URI> replicas, String key, int digit, Duration period) {
		return new OpenLoop(replicas, key, digit, period, OpenLoop::send);
	}

	/** Number checks. */
	static OpenLoop lookups(List<URI> replicas, String key, int digit, Duration period) {
		return new OpenLoop(replicas, key, digit, period, OpenLoop::lookUp);
	}

	OpenLoop start() {
		this.running = Flux.interval(Duration.ZERO, this.period)
			.onBackpressureError()
			.flatMap((i) -> offer(i.intValue()), Integer.MAX_VALUE)
			.subscribe();
		return this;
	}

	/** Requests under way are cut off and not told of. */
	@Override
	public void close() {
		if (this.running != null) {
			this.running.dispose();
		}
	}

	/** All that have an end, in no order. */
	List<Offered> offered() {
		return new ArrayList<>(this.offered);
	}

	/** Those made at or after {@code from} and before {@code to}. */
	List<Offered> offered(Instant from, Instant to) {
		return this.offered.stream().filter((one) -> !one.at().isBefore(from) && one.at().isBefore(to)).toList();
	}

	/** Whether a number is one of this caller's. */
	boolean owns(String number) {
		return number.startsWith("0" + this.prefix);
	}

	private Mono<Offered> offer(int i) {
		String number = "0%d%05d%s".formatted(this.prefix, i, QUICK);
		Instant at = Instant.now();
		return this.ask.apply(new Question(this.replicas.get(i % this.replicas.size()), number))
			.onErrorReturn(new HttpReply(0, null))
			.map((reply) -> new Offered(number, at, reply.status(), reply.retryAfter(),
					Duration.between(at, Instant.now())))
			.doOnNext(this.offered::add);
	}

	private static Mono<HttpReply> send(Question question) {
		return reply(question.replica()
			.post()
			.uri("/v3/internet/send")
			.bodyValue(Map.of("type", "ADSL", "number", question.number(), "value", 1000, "ref", question.number())))
			.timeout(SEND_PATIENCE);
	}

	private static Mono<HttpReply> lookUp(Question question) {
		return reply(
				question.replica().get().uri("/v3/internet/check-number?type=ADSL&number={number}", question.number()))
			.timeout(LOOKUP_PATIENCE);
	}

	private static Mono<HttpReply> reply(WebClient.RequestHeadersSpec<?> request) {
		return request.exchangeToMono((response) -> response.releaseBody()
			.thenReturn(new HttpReply(response.statusCode().value(),
					response.headers().asHttpHeaders().getFirst(HttpHeaders.RETRY_AFTER))));
	}

	private static WebClient client(URI uri, String key) {
		return WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(HTTP))
			.baseUrl(uri.toString())
			.defaultHeader("X-Access-Token", key)
			.build();
	}

	private record Question(WebClient replica, String number) {
	}

	private record HttpReply(int status, @Nullable String retryAfter) {
	}

}
