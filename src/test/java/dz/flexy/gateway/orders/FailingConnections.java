package dz.flexy.gateway.orders;

import java.util.concurrent.atomic.AtomicInteger;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A database that cannot be reached while the test says so. */
public final class FailingConnections implements ConnectionFactory {

	private final ConnectionFactory connections;

	private final AtomicInteger refused = new AtomicInteger();

	private final Sinks.Many<Integer> refusals = Sinks.many().replay().latest();

	private volatile boolean failing;

	public FailingConnections(ConnectionFactory connections) {
		this.connections = connections;
	}

	public void fail() {
		this.failing = true;
	}

	public void heal() {
		this.failing = false;
	}

	/** How often it was asked in vain so far. */
	public int refused() {
		return this.refused.get();
	}

	/** How often it was asked in vain, now and from now on, on the thread that asks. */
	public Flux<Integer> refusals() {
		return this.refusals.asFlux();
	}

	@Override
	public Mono<? extends Connection> create() {
		return Mono.defer(() -> this.failing ? refuse() : Mono.from(this.connections.create()));
	}

	private Mono<Connection> refuse() {
		this.refusals.tryEmitNext(this.refused.incrementAndGet());
		return Mono.error(new R2dbcNonTransientResourceException("unreachable"));
	}

	@Override
	public ConnectionFactoryMetadata getMetadata() {
		return this.connections.getMetadata();
	}

}
