package dz.flexy.gateway.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Puts an answer on the wire in the way its delivery says.
 */
final class Wire {

	private Wire() {
	}

	static Mono<Void> write(Answer answer, HttpServerRequest request, HttpServerResponse response) {
		byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
		return switch (answer.delivery()) {
			case Delivery.Whole whole -> send(answer, body, response);
			case Delivery.Late late -> Mono.delay(late.delay()).then(Mono.defer(() -> send(answer, body, response)));
			case Delivery.Trickled trickled -> send(answer, body.length, trickle(body, trickled.pause()), response);
			case Delivery.CutShort cut -> cutShort(answer, body, request, response);
			case Delivery.Lost lost -> drop(request, lost.reset());
			case Delivery.Hang hang -> Mono.never();
		};
	}

	private static Mono<Void> send(Answer answer, byte[] body, HttpServerResponse response) {
		return send(answer, body.length, Mono.just(Unpooled.wrappedBuffer(body)), response);
	}

	private static Mono<Void> send(Answer answer, int length, Publisher<ByteBuf> body, HttpServerResponse response) {
		response.status(answer.status());
		answer.headers().forEach(response::header);
		response.header("Content-Length", Integer.toString(length));
		return response.send(body, (buffer) -> true).then();
	}

	private static Flux<ByteBuf> trickle(byte[] body, Duration pause) {
		return Flux.range(0, body.length)
			.delayElements(pause)
			.map((index) -> Unpooled.wrappedBuffer(new byte[] { body[index] }));
	}

	private static Mono<Void> cutShort(Answer answer, byte[] body, HttpServerRequest request,
			HttpServerResponse response) {
		ByteBuf half = Unpooled.wrappedBuffer(Arrays.copyOf(body, body.length / 2));
		Flux<ByteBuf> unfinished = Flux.concat(Mono.just(half), drop(request, false).cast(ByteBuf.class));
		return send(answer, body.length, unfinished, response);
	}

	private static Mono<Void> drop(HttpServerRequest request, boolean reset) {
		return Mono.defer(() -> {
			request.withConnection((connection) -> close(connection.channel(), reset));
			return Mono.never();
		});
	}

	private static void close(Channel channel, boolean reset) {
		if (reset) {
			channel.config().setOption(ChannelOption.SO_LINGER, 0);
		}
		channel.close();
	}

}
