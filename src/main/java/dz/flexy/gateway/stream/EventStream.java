package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.random.RandomGenerator;

import dz.flexy.gateway.callers.Authority;
import dz.flexy.gateway.callers.Network;
import dz.flexy.gateway.signal.Closing;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Makes a response of frames: greets with a {@code retry:} field, beats, and ends with
 * the frames, when its lifetime or its authority is over, when the gateway stops, or when
 * its reader does not read.
 */
@Component
class EventStream {

	private static final Duration FAREWELL = Duration.ofSeconds(1);

	private static final int RETRY_FROM_MILLIS = 2000;

	private static final int RETRY_TO_MILLIS = 5000;

	private final StreamProperties properties;

	private final Heartbeats heartbeats;

	private final Closing closing;

	private final OpenStreams open;

	private final StreamMeters meters;

	private final RandomGenerator random;

	EventStream(StreamProperties properties, Heartbeats heartbeats, Closing closing, OpenStreams open,
			StreamMeters meters, RandomGenerator random) {
		this.properties = properties;
		this.heartbeats = heartbeats;
		this.closing = closing;
		this.open = open;
		this.meters = meters;
		this.random = random;
	}

	/**
	 * A stream, unless its caller or address has too many: then 429. It ends with its
	 * authority at the latest.
	 * @param authority that the request came with
	 * @param frames what is told
	 */
	Mono<ServerResponse> answer(Authority authority, Flux<Frame> frames) {
		return ServerResponse.ok()
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.cacheControl(CacheControl.noStore())
			.header("X-Accel-Buffering", "no")
			.build((exchange, context) -> Mono.using(
					() -> this.open.enter(authority.caller().id(), Network.of(exchange.getRequest().getRemoteAddress()),
							authority.session()),
					(visitor) -> write(frames, authority.ended(), exchange.getResponse()), this.open::leave));
	}

	/**
	 * The frames of a whole response. Cancelling releases everything at once.
	 * @param frames what is told
	 * @param ended when the authority to read them ends
	 * @param abandon run before the end if that is forced on a reader that does not read
	 */
	Flux<Frame> whole(Flux<Frame> frames, Mono<Void> ended, Runnable abandon) {
		return Flux.defer(() -> {
			Patience patience = patience();
			Mono<Void> ending = Mono.firstWithSignal(this.closing.begun(), ended);
			return Flux.merge(1, frames.concatWithValues(Frame.END), beats(patience), ending.then(farewell()))
				.takeUntil(Frame::isLast)
				.startWith(Frame.greeting(retry()))
				.doOnNext((frame) -> {
					patience.taken();
					this.meters.told(frame);
				})
				.takeUntilOther(cutOff(patience, ending).doOnSuccess((cut) -> abandon.run()));
		});
	}

	/** Counted in beats, so that no stream has a timer of its own. */
	private Patience patience() {
		long lifetime = this.properties.lifetime().toMillis();
		Duration life = Duration.ofMillis(this.random.nextLong(lifetime - lifetime / 10, lifetime + lifetime / 10 + 1));
		return new Patience(this.properties.patience().dividedBy(this.properties.heartbeat()),
				life.dividedBy(this.properties.heartbeat()));
	}

	private Flux<Frame> beats(Patience patience) {
		return this.heartbeats.beats()
			.onBackpressureDrop((beat) -> patience.missed())
			.map((beat) -> patience.isOver() ? Frame.farewell(retry()) : Frame.HEARTBEAT);
	}

	private Mono<Frame> farewell() {
		return Mono.fromSupplier(() -> Frame.farewell(retry()));
	}

	/** A reader that does not read, or does not read the farewell. */
	private Mono<Void> cutOff(Patience patience, Mono<Void> ending) {
		return Mono.firstWithSignal(patience.lost().doOnSuccess((unread) -> this.meters.unread()),
				ending.then(Mono.delay(FAREWELL)).doOnSuccess((late) -> this.meters.farewell()).then());
	}

	private Duration retry() {
		return Duration.ofMillis(this.random.nextInt(RETRY_FROM_MILLIS, RETRY_TO_MILLIS + 1));
	}

	private Mono<Void> write(Flux<Frame> frames, Mono<Void> ended, ServerHttpResponse response) {
		DataBufferFactory buffers = response.bufferFactory();
		return response.writeAndFlushWith(whole(frames, ended, () -> disconnect(response))
			.map((frame) -> Mono.just(buffers.wrap(frame.bytes()))));
	}

	/** A response that nobody reads cannot be ended: its end would never be read. */
	private static void disconnect(ServerHttpResponse response) {
		if (ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse connected) {
			connected.withConnection(DisposableChannel::dispose);
		}
	}

}
