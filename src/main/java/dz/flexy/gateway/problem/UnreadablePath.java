package dz.flexy.gateway.problem;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;

/**
 * Puts the envelope around the refusal of a path that is no URI, such as one with a
 * broken percent escape. The adapter below the filters refuses it with an empty 400, so
 * that no filter and no {@link ProblemRenderer} sees it.
 */
@Component
class UnreadablePath implements NettyServerCustomizer {

	private final Envelope envelope;

	private final Clock clock;

	private final SecureRandom random;

	UnreadablePath(Envelope envelope, Clock clock, SecureRandom random) {
		this.envelope = envelope;
		this.clock = clock;
		this.random = random;
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return server.mapHandle((handled, connection) -> (connection instanceof HttpServerResponse response)
				? handled.then(Mono.defer(() -> refuses(response) ? refuse(response) : Mono.empty())) : handled);
	}

	/**
	 * Answers of ours carry an id, and have been sent by now; none to HEAD has a body.
	 */
	private static boolean refuses(HttpServerResponse response) {
		boolean bare = response instanceof HttpServerRequest request && request.method().equals(HttpMethod.HEAD);
		return !bare && !response.hasSentHeaders() && response.status().equals(HttpResponseStatus.BAD_REQUEST)
				&& !response.responseHeaders().contains(RequestId.HEADER);
	}

	private Mono<Void> refuse(HttpServerResponse response) {
		RequestId id = RequestId.next(this.clock, this.random);
		byte[] body = this.envelope
			.failure(id, Problem.of(ErrorCode.ERR_VALIDATION, "the path cannot be read").money(false, true))
			.getBytes(StandardCharsets.UTF_8);
		response.header(RequestId.HEADER, id.value())
			.header(HttpHeaderNames.CONTENT_TYPE, Envelope.JSON.toString())
			.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
		return response.sendByteArray(Mono.just(body)).then();
	}

}
