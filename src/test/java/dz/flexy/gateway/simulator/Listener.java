package dz.flexy.gateway.simulator;

import java.time.Duration;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * The open port. Opening and closing block the calling thread, which must not be an event
 * loop.
 */
final class Listener {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final LoopResources loops = LoopResources.create("simulator", 2, true);

	private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private final Desk desk;

	private int port;

	private @Nullable DisposableServer server;

	/**
	 * Decides what a call is answered.
	 */
	@FunctionalInterface
	interface Desk {

		Answer answer(Call call);

	}

	Listener(int port, Desk desk) {
		this.port = port;
		this.desk = desk;
	}

	/** Opens the port, the same one each time. */
	synchronized void open() {
		if (this.server == null) {
			this.server = HttpServer.create()
				.runOn(this.loops)
				.channelGroup(this.connections)
				.host("127.0.0.1")
				.port(this.port)
				.handle(this::handle)
				.bindNow(PATIENCE);
			this.port = this.server.port();
		}
	}

	/** Refuses new connections from now on and cuts the present ones. */
	synchronized void shut() {
		if (this.server != null) {
			this.server.disposeNow(PATIENCE);
			this.connections.close().awaitUninterruptibly(PATIENCE.toMillis());
			this.server = null;
		}
	}

	void close() {
		shut();
		this.loops.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
	}

	synchronized int port() {
		return this.port;
	}

	private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
		return request.receive()
			.aggregate()
			.asString()
			.defaultIfEmpty("")
			.flatMap((body) -> Wire.write(answer(request, body), request, response));
	}

	private Answer answer(HttpServerRequest request, String body) {
		try {
			return this.desk.answer(Call.of(request, body));
		}
		catch (IllegalArgumentException ex) {
			return Envelope.router(400, "Bad Request", "'" + request.uri() + "' is not a valid url component");
		}
	}

}
