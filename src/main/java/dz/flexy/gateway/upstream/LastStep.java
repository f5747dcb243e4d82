package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import reactor.core.publisher.Mono;

import org.springframework.http.ReactiveHttpOutputMessage;
import org.springframework.web.reactive.function.BodyInserter;

/**
 * What must have happened before a purchase's first byte: the commit, and no more than a
 * stated time since it began. The time is taken on a monotonic clock, so a process that
 * was frozen in between writes nothing.
 *
 * @param commit commits that the order is being sent; must fail if it is not to be sent
 * @param sendWithin the first byte leaves within this time after the commit began, or
 * never
 * @param nanoTime monotonic clock
 */
record LastStep(Mono<Void> commit, Duration sendWithin, LongSupplier nanoTime) {

	/**
	 * @param mayBegin asked last; whether the permit still holds
	 * @param firstByte told right before the body is handed to the connection
	 */
	BodyInserter<byte[], ReactiveHttpOutputMessage> before(byte[] body, BooleanSupplier mayBegin, FirstByte firstByte) {
		return (message, context) -> Mono.defer(() -> {
			long begun = this.nanoTime.getAsLong();
			return this.commit.timeout(this.sendWithin)
				.onErrorMap((failure) -> new LastStepFailed("commit failed", failure))
				.then(Mono.defer(() -> write(message, body, begun, mayBegin, firstByte)));
		});
	}

	private Mono<Void> write(ReactiveHttpOutputMessage message, byte[] body, long begun, BooleanSupplier mayBegin,
			FirstByte firstByte) {
		if (this.nanoTime.getAsLong() - begun >= this.sendWithin.toNanos() || !mayBegin.getAsBoolean()) {
			return Mono.error(new LastStepFailed("too late to send", null));
		}
		firstByte.leaves();
		return message.writeWith(Mono.just(message.bufferFactory().wrap(body)));
	}

}
