package dz.flexy.gateway.signal;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import io.r2dbc.postgresql.api.Notification;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Carries wake-ups between replicas by {@code LISTEN} and {@code NOTIFY}, over one
 * connection of its own: a pooled one would lose its channels. A dead connection is
 * replaced; since wake-ups may have been missed meanwhile, all who wait are then woken
 * once. Restarts are counted by {@code gateway.loop.restarts}, tag {@code signal}.
 */
@Component
@ConditionalOnProperty("spring.r2dbc.url")
class NotifyLoop implements SmartLifecycle {

	/** Seen in {@code pg_stat_activity}. */
	static final String APPLICATION_NAME = "flexy-gateway-signal";

	/** A channel is a topic's name behind this. */
	static final String PREFIX = "flexy_";

	/** At most one {@code NOTIFY} per channel in this time. */
	static final Duration PAUSE = Duration.ofMillis(10);

	/** Before the loops that wait at the start, behind them at the stop. */
	private static final int PHASE = DEFAULT_PHASE - 8192;

	private static final Logger log = LoggerFactory.getLogger(NotifyLoop.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

	/** For each statement, and to connect. */
	private static final Duration PATIENCE = Duration.ofSeconds(3);

	/** How often a silent connection is asked whether it still lives. */
	private static final Duration PROBE = Duration.ofSeconds(2);

	private final Signals signals;

	private final ConnectionFactory connections;

	private final SignalProperties properties;

	private final Counter sent;

	private final Counter restarts;

	private @Nullable Disposable running;

	@Autowired
	NotifyLoop(Signals signals, R2dbcConnectionDetails database, SignalProperties properties, MeterRegistry meters) {
		this(signals, ConnectionFactories.get(unpooled(database.getConnectionFactoryOptions())), properties, meters);
	}

	NotifyLoop(Signals signals, ConnectionFactory connections, SignalProperties properties, MeterRegistry meters) {
		this.signals = signals;
		this.connections = connections;
		this.properties = properties;
		this.sent = SignalMeter.SENT.counter(meters);
		this.restarts = SignalMeter.RESTARTS.counter(meters, "loop", "signal");
	}

	/** The same database with its hosts, TLS and credentials, but no pool. */
	static ConnectionFactoryOptions unpooled(ConnectionFactoryOptions options) {
		ConnectionFactoryOptions.Builder own = options.mutate()
			.option(PostgresqlConnectionFactoryProvider.APPLICATION_NAME, APPLICATION_NAME)
			.option(ConnectionFactoryOptions.CONNECT_TIMEOUT, PATIENCE);
		if ("pool".equals(options.getValue(ConnectionFactoryOptions.DRIVER))) {
			String[] inner = String.valueOf(options.getValue(ConnectionFactoryOptions.PROTOCOL)).split(":", 2);
			own.option(ConnectionFactoryOptions.DRIVER, inner[0])
				.option(ConnectionFactoryOptions.PROTOCOL, (inner.length > 1) ? inner[1] : "");
		}
		return own.build();
	}

	@Override
	public synchronized void start() {
		if (this.properties.enabled() && this.running == null) {
			this.running = Flux.usingWhen(connect(), this::session, NotifyLoop::close)
				.doOnError(this::restarting)
				.retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE).maxBackoff(LONGEST_PAUSE).transientErrors(true))
				.subscribe();
		}
	}

	@Override
	public synchronized void stop() {
		if (this.running != null) {
			this.running.dispose();
			this.running = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private Mono<PostgresqlConnection> connect() {
		return Mono.from(this.connections.create()).cast(PostgresqlConnection.class).timeout(PATIENCE);
	}

	/** One that died without a word need not take its leave either. */
	private static Mono<Void> close(PostgresqlConnection connection) {
		return connection.close().timeout(PATIENCE).onErrorComplete();
	}

	/** Ends only by an error. Emits something as soon as the connection does its work. */
	private Flux<?> session(PostgresqlConnection connection) {
		Set<String> listened = new HashSet<>();
		Flux<?> outgoing = this.signals.outgoing()
			.cast(Object.class)
			.startWith("begin")
			.onBackpressureLatest()
			.concatMap((more) -> listen(connection, listened).concatWith(tell(connection)), 0);
		Flux<?> alive = Flux.interval(PROBE)
			.onBackpressureDrop()
			.concatMap((beat) -> run(connection, "select 1").thenReturn(beat), 0);
		return backend(connection).flatMapMany((own) -> Flux.merge(incoming(connection, own), outgoing, alive));
	}

	private Flux<?> incoming(PostgresqlConnection connection, int own) {
		return connection.getNotifications()
			.filter((notification) -> notification.getProcessId() != own)
			.map(Notification::getName)
			.filter((channel) -> channel.startsWith(PREFIX))
			.doOnNext((channel) -> this.signals.wake(channel.substring(PREFIX.length())))
			.concatWith(Mono.error(() -> new IllegalStateException("the connection ended")));
	}

	/** Whoever waited while nobody listened is woken once. */
	private Flux<Object> listen(PostgresqlConnection connection, Set<String> listened) {
		Set<String> more = new HashSet<>(this.signals.heard());
		more.removeAll(listened);
		if (more.isEmpty()) {
			return Flux.empty();
		}
		return run(connection, statements("listen", more)).thenMany(Flux.defer(() -> {
			listened.addAll(more);
			more.forEach(this.signals::wake);
			return Flux.just("listening");
		}));
	}

	private Flux<Object> tell(PostgresqlConnection connection) {
		return Flux.defer(() -> {
			Set<String> raised = this.signals.takeUntold();
			if (raised.isEmpty()) {
				return Flux.empty();
			}
			return run(connection, statements("notify", raised)).doOnError((lost) -> this.signals.untold(raised))
				.doOnCancel(() -> this.signals.untold(raised))
				.doOnSuccess((told) -> this.sent.increment(raised.size()))
				.then(Mono.delay(PAUSE))
				.cast(Object.class)
				.flux();
		});
	}

	private Mono<Integer> backend(PostgresqlConnection connection) {
		return connection.createStatement("select pg_backend_pid()")
			.execute()
			.flatMap((result) -> result.map((row) -> Objects.requireNonNull(row.get(0, Integer.class))))
			.single()
			.timeout(PATIENCE);
	}

	private static Mono<Void> run(PostgresqlConnection connection, String sql) {
		return connection.createStatement(sql)
			.execute()
			.flatMap(PostgresqlResult::getRowsUpdated)
			.then()
			.timeout(PATIENCE);
	}

	/** Names are quoted: they have dots. */
	private static String statements(String verb, Set<String> topics) {
		Stream<String> channels = topics.stream().map((topic) -> (PREFIX + topic).replace("\"", "\"\""));
		return channels.map((channel) -> verb + " \"" + channel + "\"").collect(Collectors.joining("; "));
	}

	private void restarting(Throwable failure) {
		log.warn("no wake-ups from other replicas until the next connection: {}", failure.toString());
		this.restarts.increment();
	}

}
