package dz.flexy.gateway.passthrough;

import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Passed;
import dz.flexy.gateway.upstream.Reply;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * Hands the upstream's answers back, and says in the gateway's words why there is none.
 */
final class Answers {

	private Answers() {
	}

	/**
	 * What is handed back.
	 * @throws Problem if the upstream gave no answer that can be shown
	 */
	static Reply replyOrThrow(Passed passed) {
		return passed.reply().orElseThrow(() -> problem(passed.outcome()));
	}

	private static Problem problem(Outcome<Reply> outcome) {
		return switch (outcome) {
			case Outcome.NotSent<Reply> notSent when notSent.ofKey() ->
				// Not in the upstream's words: the caller would take them for his own
				// key's.
				Problem.of(ErrorCode.UPSTREAM_ACCOUNT_STOPPED, "the upstream refuses the gateway's own key")
					.money(false, true)
					.retryAfter(notSent.retryAfter());
			case Outcome.NotSent<Reply> notSent -> unavailable(notSent.reason()).retryAfter(notSent.retryAfter());
			case Outcome.MayHaveActed<Reply> unclear -> unclear.retryAfter()
				.map(unavailable(unclear.reason())::retryAfter)
				.orElse(unavailable(unclear.reason()));
			case Outcome.Refused<Reply> refused -> refused.refusal().asProblem().money(false, true);
			case Outcome.Success<Reply> success -> throw new IllegalStateException("an answer without its bytes");
		};
	}

	private static Problem unavailable(String reason) {
		return Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, reason).money(false, true);
	}

	/**
	 * The headers are set when the body is written: {@code ServerResponse} would compare
	 * them with the request's conditions, and leave a file that arrives unread.
	 */
	static Mono<ServerResponse> write(Reply reply) {
		return Envelope.answer(HttpStatusCode.valueOf(reply.status()))
			.build((exchange, context) -> write(exchange, reply));
	}

	/**
	 * The answer to a payment: it asks to come again only where the upstream does, since
	 * it may have been made.
	 */
	static Mono<ServerResponse> writeOfPayment(Reply reply) {
		return ServerResponse.status(reply.status())
			.contentType(Envelope.JSON)
			.build((exchange, context) -> write(exchange, reply));
	}

	private static Mono<Void> write(ServerWebExchange exchange, Reply reply) {
		ServerHttpResponse response = exchange.getResponse();
		HttpHeaders headers = response.getHeaders();
		return switch (reply) {
			case Reply.Whole whole -> {
				HeaderRules.back(whole.headers(), headers);
				headers.setContentLength(whole.json().bytes().length);
				yield response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(whole.json().bytes())));
			}
			case Reply.Live live -> {
				HeaderRules.backWithFile(live.headers(), headers);
				Flux<DataBuffer> chunks = live.chunks().onErrorMap((failure) -> {
					if (!response.isCommitted()) {
						HeaderRules.withdraw(headers);
					}
					return unavailable("the file broke off");
				});
				yield response.writeWith(chunks);
			}
		};
	}

}
