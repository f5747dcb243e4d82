package dz.flexy.gateway.problem;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.codec.Hints;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Writes the upstream's envelope (contract sections 1.3 and 1.4). Every JSON answer of
 * the gateway is made here.
 */
@Component
public class Envelope {

	/** {@code application/json; charset=utf-8}, as the upstream answers. */
	public static final MediaType JSON = MediaType.parseMediaType("application/json;charset=utf-8");

	/** Seconds, where nothing better is known. */
	static final String DEFAULT_RETRY_AFTER = "5";

	private static final DateTimeFormatter ISO_MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
		.withZone(ZoneOffset.UTC);

	private final JsonMapper json;

	private final Clock clock;

	Envelope(JsonMapper json, Clock clock) {
		this.json = json;
		this.clock = clock;
		warmUp(json);
	}

	/**
	 * The mapper prepares each type at its first use, under a lock that event loops would
	 * meet in if the first requests came together.
	 */
	private static void warmUp(JsonMapper json) {
		Map<String, Object> types = new LinkedHashMap<>();
		types.put("details", Map.of("text", "", "flag", true));
		types.put("numbers", List.of(1, 1L, 1.0, BigDecimal.ONE));
		types.put("rows", Stream.of(new LinkedHashMap<>()).toList());
		json.readTree(json.writeValueAsBytes(types));
	}

	/**
	 * An instant as the upstream writes it: UTC with milliseconds.
	 * @param instant any instant
	 * @return for example {@code 2025-10-29T00:35:58.710Z}
	 */
	public static String timestamp(Instant instant) {
		return ISO_MILLIS.format(instant);
	}

	/**
	 * A 200 with {@code data}.
	 * @param request the request that is answered
	 * @param data what goes under {@code data}
	 * @return the response
	 */
	public Mono<ServerResponse> ok(ServerRequest request, Object data) {
		return write(HttpStatus.OK, success(request, data));
	}

	/**
	 * A 200 with {@code data} and more than the time in {@code meta}.
	 * @param request the request that is answered
	 * @param data what goes under {@code data}
	 * @param more further fields of {@code meta}
	 * @return the response
	 */
	public Mono<ServerResponse> ok(ServerRequest request, Object data, Map<String, ?> more) {
		return write(HttpStatus.OK, success(request, data, more));
	}

	/**
	 * The success envelope as text, for answers that are stored to be replayed.
	 * @param request the request that is answered
	 * @param data what goes under {@code data}
	 * @return JSON
	 */
	public String success(ServerRequest request, Object data) {
		return success(request, data, Map.of());
	}

	private String success(ServerRequest request, Object data, Map<String, ?> more) {
		Map<String, Object> meta = new LinkedHashMap<>(more);
		meta.put("timestamp", timestamp(this.clock.instant()));
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("success", true);
		body.put("data", data);
		body.put("meta", meta);
		body.put("requestId", RequestId.of(request.exchange()).value());
		return this.json.writeValueAsString(body);
	}

	/**
	 * The error envelope as text. {@code error.message} begins with the code and a colon,
	 * because the upstream's own sample clients search the message for it.
	 * @param request whose id to show
	 * @param problem what to tell
	 * @return JSON
	 */
	public String failure(RequestId request, Problem problem) {
		Map<String, Object> error = new LinkedHashMap<>();
		error.put("code", problem.code());
		error.put("message", problem.code() + ": " + problem.message());
		if (!problem.details().isEmpty()) {
			error.put("details", problem.details());
		}
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("success", false);
		body.put("error", error);
		body.put("requestId", request.value());
		return this.json.writeValueAsString(body);
	}

	/**
	 * An answer whose envelope was made before.
	 * @param status HTTP status
	 * @param body the envelope
	 * @return the response
	 */
	public Mono<ServerResponse> write(HttpStatusCode status, String body) {
		return answer(status).bodyValue(body);
	}

	/**
	 * The head of an answer whose envelope was made before: 429 and 503 say when to ask
	 * again. Its body may hold a card code, so Spring's encoders are told not to log it.
	 * @param status HTTP status
	 * @return to be completed with a body
	 */
	public static ServerResponse.BodyBuilder answer(HttpStatusCode status) {
		ServerResponse.BodyBuilder answer = ServerResponse.status(status)
			.contentType(JSON)
			.hint(Hints.SUPPRESS_LOGGING_HINT, true);
		return asksToWait(status.value()) ? answer.header(HttpHeaders.RETRY_AFTER, DEFAULT_RETRY_AFTER) : answer;
	}

	static boolean asksToWait(int status) {
		return status == HttpStatus.TOO_MANY_REQUESTS.value() || status == HttpStatus.SERVICE_UNAVAILABLE.value();
	}

}
