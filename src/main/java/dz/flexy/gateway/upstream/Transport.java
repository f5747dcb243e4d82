package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.budget.Lane;
import dz.flexy.gateway.budget.Permit;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient.RequestBodySpec;
import org.springframework.web.reactive.function.client.WebClient.RequestHeadersSpec;

/**
 * Makes one call and tells what became of it. The order is written here and nowhere else:
 * breaker, permit, connection, then the first byte. A purchase is never repeated.
 */
@Component
class Transport {

	private static final Duration BREATH = Duration.ofSeconds(1);

	private static final byte[] NO_BODY = new byte[0];

	private final Connections connections;

	private final Admission admission;

	private final Reads reads;

	private final Classifier classifier;

	private final CallLog log;

	/** Made once, so that no event loop waits while Jackson prepares the type. */
	private final ObjectReader trees;

	private final Duration wholeTimeout;

	private final Duration responseTimeout;

	Transport(Connections connections, Admission admission, Reads reads, Classifier classifier, CallLog log,
			JsonMapper json, UpstreamProperties properties) {
		this.connections = connections;
		this.admission = admission;
		this.reads = reads;
		this.classifier = classifier;
		this.log = log;
		this.trees = json.readerFor(JsonNode.class);
		this.wholeTimeout = properties.wholeTimeout();
		this.responseTimeout = properties.responseTimeout();
	}

	/**
	 * Reads; in the lookup lane once more if the upstream failed.
	 * @return exactly one outcome; cancelling closes the connection
	 */
	<T> Mono<Outcome<T>> read(Call call, Request<T> request) {
		return this.admission.read(call, request, (permit) -> get(call, request, this.wholeTimeout, permit));
	}

	/**
	 * Buys: the last step runs with permit and connection in hand, right before the first
	 * byte, and nothing is written if it fails. Behind a half-open breaker the family's
	 * list is read first.
	 * @return exactly one outcome
	 */
	<T> Mono<Outcome<T>> buy(Call call, Request<T> request, byte[] body, LastStep lastStep) {
		return buy(call, request, (headers) -> headers.setContentType(MediaType.APPLICATION_JSON), body, lastStep,
				json(request));
	}

	/**
	 * The same with other headers, and with the answer heard in another way.
	 * @return exactly one outcome
	 */
	<T> Mono<Outcome<T>> buy(Call call, Request<T> request, Consumer<HttpHeaders> headers, byte[] body,
			LastStep lastStep, Hearing<T> hearing) {
		return this.admission.buy(call, request, probe(call, request.family()), (permit) -> {
			FirstByte firstByte = new FirstByte();
			RequestHeadersSpec<?> post = this.connections.client(call.lane())
				.post()
				.uri(request.uri())
				.headers(headers)
				.contentLength(body.length)
				.body(lastStep.before(body, permit::begin, firstByte));
			// Until the first byte the pool, the connect and the commit each have a
			// time-out of their own.
			Mono<?> limit = firstByte.left().then(Mono.delay(this.responseTimeout));
			return exchange(call, request, post, hearing, (heard) -> heard.timeout(limit), permit,
					(failure) -> firstByte.hasLeft());
		});
	}

	/**
	 * Makes a call that buys nothing, in any lane once only.
	 * @return exactly one outcome, when the answer has been heard; cancelling closes the
	 * connection
	 */
	<T> Mono<Outcome<T>> once(Call call, Request<T> request, Onward onward, byte[] body, Hearing<T> hearing) {
		return this.admission.once(call, request, (permit) -> {
			RequestBodySpec spec = this.connections.client(call.lane())
				.method(onward.method())
				.uri(request.uri())
				.headers(onward::putHeaders)
				.httpRequest((head) -> begin(permit));
			return exchange(call, request, (body.length > 0) ? spec.bodyValue(body) : spec, hearing,
					this.reads.limited(request.endpoint(), this.wholeTimeout), permit, (failure) -> permit.hasBegun());
		});
	}

	/** Empty if the family's list can be read, else why nothing is bought. */
	private <T> Mono<Outcome<T>> probe(Call call, Family family) {
		Call settle = new Call(call.account(), Lane.SETTLE, Probe.LIMIT);
		Duration limit = (Probe.LIMIT.compareTo(this.wholeTimeout) < 0) ? Probe.LIMIT : this.wholeTimeout;
		return this.admission.permitted(settle, (permit) -> get(settle, Probe.of(family), limit, permit))
			.flatMap(Probe::unlessWell);
	}

	private <T> Mono<Outcome<T>> get(Call call, Request<T> request, Duration limit, Permit permit) {
		RequestHeadersSpec<?> get = this.connections.client(call.lane())
			.get()
			.uri(request.uri())
			.httpRequest((head) -> begin(permit));
		return exchange(call, request, get, json(request), this.reads.limited(request.endpoint(), limit), permit,
				(failure) -> permit.hasBegun());
	}

	/** Once the connection is had, right before the first byte. */
	private static void begin(Permit permit) {
		if (!permit.begin()) {
			throw new PermitRanOut();
		}
	}

	private <T> Mono<Outcome<T>> exchange(Call call, Request<T> request, RequestHeadersSpec<?> spec, Hearing<T> hearing,
			Function<Mono<Heard<T>>, Mono<Heard<T>>> limited, Permit permit, Predicate<Throwable> mayHaveActed) {
		return hearing.of(spec.header("X-Access-Token", call.account().key().reveal()))
			.transform(limited)
			.doOnNext((heard) -> {
				permit.answered();
				this.admission.observe(call, heard.answer(), heard.outcome());
			})
			.map(Heard::outcome)
			.onErrorResume((failure) -> Mono.just(failed(failure, mayHaveActed.test(failure), permit)))
			.transform(this.log.around(call, request.endpoint()));
	}

	private <T> Hearing<T> json(Request<T> request) {
		return (spec) -> spec.accept(MediaType.APPLICATION_JSON)
			.exchangeToMono(this::answer)
			.map((answer) -> new Heard<>(answer,
					this.classifier.classify(request.endpoint(), answer, request.decode())));
	}

	private Mono<Answer> answer(ClientResponse response) {
		return response.bodyToMono(byte[].class)
			.defaultIfEmpty(NO_BODY)
			.map((body) -> Answer.read(response.statusCode().value(), response.headers().asHttpHeaders(), body,
					this.trees));
	}

	private static <T> Outcome<T> failed(Throwable failure, boolean mayHaveActed, Permit permit) {
		String reason = Causes.describe(failure);
		if (mayHaveActed) {
			return new Outcome.MayHaveActed<>(reason);
		}
		permit.unused();
		return new Outcome.NotSent<>(Causes.ours(failure) ? Fault.GATEWAY : Fault.UPSTREAM, reason, BREATH);
	}

}
