package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.random.RandomGenerator;

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
 * the frames, when its lifetime is over, when the gateway stops, or when its reader does
 * not read.
 */
@Component
class EventStream {

	private static final Duration FAREWELL = Duration.ofSeconds(1);

	private static final int RETRY_FROM_MILLIS = 2000;

	private static final int RETRY_TO_MILLIS = 5000;

	private final StreamProperties properties;

	private final Heartbeats heartbeats;

	private final Closing closing;

	private final RandomGenerator random;

	EventStream(StreamProperties properties, Heartbeats heartbeats, Closing closing, RandomGenerator random) {
		this.properties = properties;
		this.heartbeats = heartbeats;
		this.closing = closing;
		this.random = random;
	}

	Mono<ServerResponse> answer(Flux<Frame> frames) {
		return ServerResponse.ok()
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.cacheControl(CacheControl.noStore())
			.header("X-Accel-Buffering", "no")
			.build((exchange, context) -> write(frames, exchange.getResponse()));
	}

	/**
	 * The frames of a whole response. Cancelling releases everything at once.
	 * @param frames what is told
	 * @param abandon run before the end if that is forced on a reader that does not read
	 */
	Flux<Frame> whole(Flux<Frame> frames, Runnable abandon) {
		return Flux.defer(() -> {
			Patience patience = new Patience(this.properties.patience(), this.properties.heartbeat());
			Mono<Void> ending = ending();
			return Flux.merge(1, frames.concatWithValues(Frame.END), beats(patience), farewell(ending))
				.takeUntil(Frame::isLast)
				.startWith(Frame.greeting(retry()))
				.doOnNext((frame) -> patience.taken())
				.takeUntilOther(Mono.firstWithSignal(patience.lost(), ending.then(Mono.delay(FAREWELL)).then())
					.doOnSuccess((lost) -> abandon.run()));
		});
	}

	/** When the stream has lived long enough or the gateway stops. */
	private Mono<Void> ending() {
		long lifetime = this.properties.lifetime().toMillis();
		Duration spread = Duration
			.ofMillis(this.random.nextLong(lifetime - lifetime / 10, lifetime + lifetime / 10 + 1));
		return Mono.firstWithSignal(this.closing.begun(), Mono.delay(spread).then()).share();
	}

	private Flux<Frame> beats(Patience patience) {
		return this.heartbeats.beats().onBackpressureDrop((beat) -> patience.missed()).map((beat) -> Frame.HEARTBEAT);
	}

	private Mono<Frame> farewell(Mono<Void> ending) {
		return ending.then(Mono.fromSupplier(() -> Frame.farewell(retry())));
	}

	private Duration retry() {
		return Duration.ofMillis(this.random.nextInt(RETRY_FROM_MILLIS, RETRY_TO_MILLIS + 1));
	}

	private Mono<Void> write(Flux<Frame> frames, ServerHttpResponse response) {
		DataBufferFactory buffers = response.bufferFactory();
		return response.writeAndFlushWith(
				whole(frames, () -> disconnect(response)).map((frame) -> Mono.just(buffers.wrap(frame.bytes()))));
	}

	/** A response that nobody reads cannot be ended: its end would never be read. */
	private static void disconnect(ServerHttpResponse response) {
		if (ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse connected) {
			connected.withConnection(DisposableChannel::dispose);
		}
	}

}
