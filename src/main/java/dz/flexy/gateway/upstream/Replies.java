package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dz.flexy.gateway.problem.ErrorCode;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * Hears answers that are handed on as they are. An envelope is read to its end before a
 * byte of it is handed on, since only then is it known to be one; a file is handed on
 * while it arrives.
 */
@Component
class Replies {

	/** A hundred transactions of fifty bills each are half of it. */
	private static final int LARGEST_ENVELOPE = 2 * 1024 * 1024;

	/** Receipts are up to 20 MB. */
	private static final long LARGEST_FILE = 64L * 1024 * 1024;

	private static final Duration LONGEST_TRANSFER = Duration.ofMinutes(5);

	/** What a receipt may be (contract section 7). */
	private static final Set<String> FILES = Set.of("application/pdf", "image/png", "image/jpeg",
			"application/octet-stream");

	/** Nothing was started, whatever the status would say (contract section 7). */
	private static final Set<String> NOTHING_STARTED = Set.of("BILL_ALREADY_PAID", "PAYMENT_IN_PROGRESS",
			"PARTNER_UNAVAILABLE");

	/** The key's, of requests that may still be worked on, and the limit's. */
	private static final Set<Integer> OF_OTHERS = Set.of(401, 408, 409, 425, 429);

	private final Classifier classifier;

	private final RefusalReader refusals;

	/** Made once, so that no event loop waits while Jackson prepares the type. */
	private final ObjectReader trees;

	Replies(Classifier classifier, RefusalReader refusals, JsonMapper json) {
		this.classifier = classifier;
		this.refusals = refusals;
		this.trees = json.readerFor(JsonNode.class);
	}

	/**
	 * Hears what answers a request that is passed on.
	 * @param told told of an answer that is an envelope or a file, before the outcome
	 */
	Hearing<Reply> hearing(Onward onward, Consumer<Reply> told) {
		return (spec) -> spec.retrieve()
			.onStatus(HttpStatusCode::isError, (response) -> Mono.empty())
			.toEntityFlux(DataBuffer.class)
			.flatMap((entity) -> heard(onward, entity, told));
	}

	private Mono<Heard<Reply>> heard(Onward onward, ResponseEntity<Flux<DataBuffer>> entity, Consumer<Reply> told) {
		int status = entity.getStatusCode().value();
		HttpHeaders headers = entity.getHeaders();
		Flux<DataBuffer> body = (entity.getBody() != null) ? entity.getBody() : Flux.empty();
		if (onward.binary() && status == 200 && isFile(headers)) {
			Reply reply = new Reply.Live(status, headers, bounded(body));
			told.accept(reply);
			Answer answer = new Answer(status, headers, null);
			return Mono.just(new Heard<>(answer, new Outcome.Success<>(reply, answer.requestId())));
		}
		return DataBufferUtils.join(body, LARGEST_ENVELOPE)
			.map(Replies::bytes)
			.defaultIfEmpty(new byte[0])
			.map((bytes) -> whole(onward, status, headers, bytes, told));
	}

	private Heard<Reply> whole(Onward onward, int status, HttpHeaders headers, byte[] bytes, Consumer<Reply> told) {
		Answer answer = Answer.read(status, headers, bytes, this.trees);
		Reply reply = new Reply.Whole(status, headers, new Reply.Bytes(bytes));
		if (answer.enveloped()) {
			told.accept(reply);
		}
		return new Heard<>(answer, outcome(onward, answer, reply));
	}

	private Outcome<Reply> outcome(Onward onward, Answer answer, Reply reply) {
		if (isSuccess(answer)) {
			return new Outcome.Success<>(reply, answer.requestId());
		}
		if (answer.enveloped() && NOTHING_STARTED.contains(code(answer))) {
			return new Outcome.Refused<>(this.refusals.read(answer));
		}
		if (!answer.enveloped() && isClientError(answer.status())) {
			return new Outcome.Refused<>(new Refusal(Optional.of(ErrorCode.UPSTREAM_UNAVAILABLE),
					ErrorCode.UPSTREAM_UNAVAILABLE.name(), ErrorCode.UPSTREAM_UNAVAILABLE.status(),
					"answer " + answer.status() + " without envelope", Map.of(), answer.requestId()));
		}
		return this.classifier.classify(onward.endpoint(), answer, (data) -> Optional.of(reply));
	}

	/**
	 * What a caller's own words can provoke before the application sees them; it started
	 * nothing, and says nothing of the upstream's health (contract sections 8 and 10.2).
	 */
	private static boolean isClientError(int status) {
		return status >= 400 && status < 500 && !OF_OTHERS.contains(status);
	}

	/** Of which 2xx does not matter to who decides nothing by it. */
	private static boolean isSuccess(Answer answer) {
		return answer.status() / 100 == 2 && answer.told();
	}

	private static String code(Answer answer) {
		return (answer.body() != null) ? answer.body().path("error").path("code").asString("") : "";
	}

	/** What is compressed all the same cannot be handed on as what it says it is. */
	private static boolean isFile(HttpHeaders headers) {
		String encoding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
		return (encoding == null || encoding.equalsIgnoreCase("identity"))
				&& FILES.contains(mediaType(headers.getFirst(HttpHeaders.CONTENT_TYPE)));
	}

	private static String mediaType(@Nullable String contentType) {
		return (contentType != null) ? contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT) : "";
	}

	/** Neither time nor length of a file is left to whoever sends or takes it. */
	private static Flux<DataBuffer> bounded(Flux<DataBuffer> body) {
		Mono<Void> late = Mono.delay(LONGEST_TRANSFER)
			.then(Mono.error(() -> new TimeoutException("the transfer took too long")));
		return Flux.defer(() -> {
			long[] length = new long[1];
			return body.<DataBuffer>handle((chunk, sink) -> {
				length[0] += chunk.readableByteCount();
				if (length[0] > LARGEST_FILE) {
					DataBufferUtils.release(chunk);
					sink.error(new DataBufferLimitException("the file is larger than " + LARGEST_FILE));
					return;
				}
				sink.next(chunk);
			}).takeUntilOther(late);
		});
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

}
