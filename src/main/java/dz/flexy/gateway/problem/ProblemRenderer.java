package dz.flexy.gateway.problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.netty.channel.ChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * The one place where a failure becomes an answer. What is not a {@link Problem} and not
 * the framework's word on a bad request is a fault of ours: logged once, told without
 * detail.
 */
@Component
@Order(-2)
class ProblemRenderer implements WebExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(ProblemRenderer.class);

	private final Envelope envelope;

	ProblemRenderer(Envelope envelope) {
		this.envelope = envelope;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		if (exchange.getResponse().isCommitted()) {
			return Mono.error(failure);
		}
		return write(exchange, problem(exchange, failure));
	}

	private Problem problem(ServerWebExchange exchange, Throwable failure) {
		if (failure instanceof Problem known) {
			return known;
		}
		if (failure instanceof DataBufferLimitException || failure.getCause() instanceof DataBufferLimitException) {
			return Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "the body is larger than 64 KiB").money(false, true);
		}
		if (failure instanceof ResponseStatusException status && status.getStatusCode().is4xxClientError()) {
			return ofFramework(exchange, status);
		}
		if (failure instanceof InvalidMediaTypeException) {
			return unreadable();
		}
		if (storeUnreachable(failure)) {
			log.warn("request {} found no database: {}", RequestId.of(exchange), failure.toString());
			return Problem.of(ErrorCode.STORE_UNAVAILABLE, "the gateway's database does not answer").money(false, true);
		}
		if (isCutShort(failure)) {
			log.debug("request {} was not read to its end: {}", RequestId.of(exchange), failure.toString());
			return unreadable();
		}
		log.error("request {} failed", RequestId.of(exchange), failure);
		boolean reading = HttpMethod.GET.equals(exchange.getRequest().getMethod());
		return Problem.of(ErrorCode.INTERNAL_ERROR, "the gateway failed; quote the requestId").money(!reading, reading);
	}

	private static Problem ofFramework(ServerWebExchange exchange, ResponseStatusException failure) {
		return switch (failure.getStatusCode().value()) {
			case 404, 405 -> Problem.of(ErrorCode.NOT_FOUND,
					"no route " + exchange.getRequest().getMethod() + " " + exchange.getRequest().getPath());
			case 413 -> Problem.of(ErrorCode.PAYLOAD_TOO_LARGE, "the body is too large");
			default -> unreadable();
		};
	}

	/** A send that was being committed says by itself what may have become of it. */
	private static boolean storeUnreachable(Throwable failure) {
		return failure instanceof NonTransientDataAccessResourceException
				|| failure instanceof TransientDataAccessException;
	}

	/**
	 * The body broke ({@link BrokenBody}), took too long ({@link RequestTimeout}) or the
	 * caller hung up before its end. Only what the server's own connection says of
	 * itself: a lost upstream or database comes wrapped, and may have moved money.
	 */
	static boolean isCutShort(Throwable failure) {
		return failure instanceof ChannelException || failure instanceof AbortedException
				|| (failure instanceof IOException && DisconnectedClientHelper.isClientDisconnectedException(failure));
	}

	private static Problem unreadable() {
		return Problem.of(ErrorCode.ERR_VALIDATION, "the request cannot be read").money(false, true);
	}

	private Mono<Void> write(ServerWebExchange exchange, Problem problem) {
		ServerHttpResponse response = exchange.getResponse();
		response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
		response.getHeaders().setContentType(Envelope.JSON);
		if (problem.retryAfter() != null || Envelope.asksToWait(problem.status())) {
			response.getHeaders().set(HttpHeaders.RETRY_AFTER, retryAfterSeconds(problem.retryAfter()));
		}
		byte[] body = this.envelope.failure(RequestId.of(exchange), problem).getBytes(StandardCharsets.UTF_8);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

	private static String retryAfterSeconds(@Nullable Duration delay) {
		return (delay == null) ? Envelope.DEFAULT_RETRY_AFTER
				: Long.toString(Math.max(1, delay.plusMillis(999).toSeconds()));
	}

}
