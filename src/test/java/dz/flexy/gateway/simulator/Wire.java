package dz.flexy.gateway.simulator;

import io.netty.buffer.ByteBuf;
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
		return switch (answer.delivery()) {
			case Delivery.Whole whole -> send(answer, response);
			case Delivery.Late late -> Mono.delay(late.delay()).then(Mono.defer(() -> send(answer, response)));
			case Delivery.Trickled trickled ->
				send(answer, answer.body().drops().delayElements(trickled.pause()), response);
			case Delivery.CutShort cut -> cutShort(answer, request, response);
			case Delivery.Lost lost -> drop(request, lost.reset());
			case Delivery.Hang hang -> Mono.never();
		};
	}

	private static Mono<Void> send(Answer answer, HttpServerResponse response) {
		return send(answer, answer.body().bytes(), response);
	}

	private static Mono<Void> send(Answer answer, Publisher<ByteBuf> body, HttpServerResponse response) {
		response.status(answer.status());
		answer.headers().forEach(response::header);
		response.header("Content-Length", Long.toString(answer.body().length()));
		return response.send(body, (buffer) -> true).then();
	}

	private static Mono<Void> cutShort(Answer answer, HttpServerRequest request, HttpServerResponse response) {
		Flux<ByteBuf> unfinished = Flux.concat(answer.body().half().bytes(), drop(request, false).cast(ByteBuf.class));
		return send(answer, unfinished, response);
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
