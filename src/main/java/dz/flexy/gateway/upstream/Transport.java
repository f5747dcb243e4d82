package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.budget.Lane;
import dz.flexy.gateway.budget.Permit;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.ClientResponse;
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

	private final JsonMapper json;

	private final Duration wholeTimeout;

	private final Duration responseTimeout;

	Transport(Connections connections, Admission admission, Reads reads, Classifier classifier, CallLog log,
			JsonMapper json, UpstreamProperties properties) {
		this.connections = connections;
		this.admission = admission;
		this.reads = reads;
		this.classifier = classifier;
		this.log = log;
		this.json = json;
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
		return this.admission.buy(call, request, probe(call, request.family()), (permit) -> {
			FirstByte firstByte = new FirstByte();
			RequestHeadersSpec<?> post = this.connections.client(call.lane())
				.post()
				.uri(request.uri())
				.contentType(MediaType.APPLICATION_JSON)
				.contentLength(body.length)
				.body(lastStep.before(body, permit::begin, firstByte));
			// Until the first byte the pool, the connect and the commit each have a
			// time-out of their own.
			Mono<?> limit = firstByte.left().then(Mono.delay(this.responseTimeout));
			return exchange(call, request, post, (answer) -> answer.timeout(limit), permit,
					(failure) -> firstByte.hasLeft());
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
		return exchange(call, request, get, this.reads.limited(request.endpoint(), limit), permit,
				(failure) -> permit.hasBegun());
	}

	/** Once the connection is had, right before the first byte. */
	private static void begin(Permit permit) {
		if (!permit.begin()) {
			throw new LastStepFailed("the permit has run out", null);
		}
	}

	private <T> Mono<Outcome<T>> exchange(Call call, Request<T> request, RequestHeadersSpec<?> spec,
			Function<Mono<Answer>, Mono<Answer>> limited, Permit permit, Predicate<Throwable> mayHaveActed) {
		return spec.header("X-Access-Token", call.account().key().reveal())
			.accept(MediaType.APPLICATION_JSON)
			.exchangeToMono(this::answer)
			.transform(limited)
			.doOnNext((answer) -> permit.answered())
			.map((answer) -> understood(call, request, answer))
			.onErrorResume((failure) -> Mono.just(failed(failure, mayHaveActed.test(failure), permit)))
			.transform(this.log.around(call, request.endpoint()));
	}

	private <T> Outcome<T> understood(Call call, Request<T> request, Answer answer) {
		Outcome<T> outcome = this.classifier.classify(request.endpoint(), answer, request.decode());
		this.admission.observe(call, answer, outcome);
		return outcome;
	}

	private Mono<Answer> answer(ClientResponse response) {
		return response.bodyToMono(byte[].class)
			.defaultIfEmpty(NO_BODY)
			.map((body) -> Answer.read(response.statusCode().value(), response.headers().asHttpHeaders(), body,
					this.json));
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
