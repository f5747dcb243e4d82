package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

import dz.flexy.gateway.budget.Lane;
import io.netty.channel.ChannelOption;
import jakarta.annotation.PreDestroy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A small connection pool of its own for each lane, so that a lane whose answers hang
 * takes no connection from another. Reactor Netty's own repeat of a failed request is
 * off: it would buy twice.
 */
@Component
class Connections {

	private static final int LARGEST_ANSWER = 4 * 1024 * 1024;

	private static final Duration EVICTION = Duration.ofSeconds(10);

	private final Map<Lane, WebClient> clients = new EnumMap<>(Lane.class);

	private final Map<Lane, ConnectionProvider> pools = new EnumMap<>(Lane.class);

	Connections(UpstreamProperties properties) {
		for (Lane lane : Lane.values()) {
			ConnectionProvider pool = pool(lane, properties);
			this.pools.put(lane, pool);
			this.clients.put(lane, client(pool, properties));
		}
	}

	WebClient client(Lane lane) {
		return Objects.requireNonNull(this.clients.get(lane));
	}

	private static ConnectionProvider pool(Lane lane, UpstreamProperties properties) {
		return ConnectionProvider.builder("upstream-" + lane.label())
			.maxConnections(properties.connections())
			.pendingAcquireMaxCount(properties.connections() * 2)
			.pendingAcquireTimeout(properties.acquireTimeout())
			.maxIdleTime(properties.maxIdleTime())
			.maxLifeTime(properties.maxLifeTime())
			.evictInBackground(EVICTION)
			.lifo()
			.build();
	}

	private static WebClient client(ConnectionProvider pool, UpstreamProperties properties) {
		HttpClient http = HttpClient.create(pool)
			.disableRetry(true)
			.followRedirect(false)
			.responseTimeout(properties.responseTimeout())
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(properties.connectTimeout().toMillis()));
		return WebClient.builder()
			.baseUrl(properties.baseUrl().toString())
			.clientConnector(new ReactorClientHttpConnector(http))
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(LARGEST_ANSWER))
			.build();
	}

	@PreDestroy
	void close() {
		this.pools.values().forEach(ConnectionProvider::dispose);
	}

}
