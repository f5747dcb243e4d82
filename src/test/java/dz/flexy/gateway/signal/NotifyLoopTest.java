package dz.flexy.gateway.signal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import dz.flexy.gateway.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** Replicas are two objects of each kind on one real database. */
@Isolated("measures how fast a silent death is noticed")
class NotifyLoopTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** Long enough for a notification that should not have come. */
	private static final Duration SILENCE = Duration.ofMillis(300);

	private final Database database = Database.fresh();

	private final List<NotifyLoop> loops = new ArrayList<>();

	private final Signals here = new Signals();

	private final Signals there = new Signals();

	@AfterEach
	void stop() {
		this.loops.forEach(NotifyLoop::stop);
	}

	@Test
	void wakesWhoWaitsInAnotherReplica() {
		start(this.here, true);
		start(this.there, true);

		StepVerifier.create(this.there.on("orders.changed"))
			.expectNext("orders.changed") // it listens now
			.then(() -> this.here.raise("orders.changed"))
			.expectNext("orders.changed")
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void wakesNobodyOnAnotherTopic() {
		start(this.here, true);
		start(this.there, true);

		StepVerifier.create(this.there.on("account"))
			.expectNext("account")
			.then(() -> this.here.raise("orders.changed"))
			.expectNoEvent(SILENCE)
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void ownWakeUpsDoNotComeBack() {
		start(this.here, true);

		StepVerifier.create(this.here.on("account"))
			.expectNext("account")
			.then(() -> this.here.raise("account"))
			.expectNext("account")
			.expectNoEvent(SILENCE)
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void tellsAtMostOnceInTenMilliseconds() {
		AtomicInteger told = new AtomicInteger();
		PostgresqlConnection listener = (PostgresqlConnection) Mono.from(this.database.connections().create())
			.block(PATIENCE);
		Disposable counting = listener.getNotifications().doOnNext((notification) -> {
			assertThat(notification.getParameter()).isEmpty();
			told.incrementAndGet();
		}).subscribe();
		listener.createStatement("listen \"flexy_orders.changed\"").execute().blockLast(PATIENCE);
		start(this.here, true);
		listening(this.here);

		long begun = System.nanoTime();
		Flux.interval(Duration.ofMillis(1))
			.onBackpressureDrop()
			.take(300)
			.doOnNext((i) -> this.here.raise("orders.changed"))
			.blockLast(PATIENCE);
		Mono.delay(SILENCE).block();
		long windows = Duration.ofNanos(System.nanoTime() - begun).minus(SILENCE).dividedBy(NotifyLoop.PAUSE);

		assertThat(told.get()).isBetween(2, (int) windows + 2);
		counting.dispose();
		listener.close().block(PATIENCE);
	}

	@Test
	void healsAndThenWakesAllOnce() {
		start(this.here, true);
		start(this.there, true);
		assertThat(this.here.on("here").blockFirst(PATIENCE)).isEqualTo("here");

		StepVerifier.create(this.there.on("orders.changed"))
			.expectNext("orders.changed")
			.then(() -> assertThat(terminate()).isEqualTo(2))
			.expectNext("orders.changed")
			.expectNoEvent(SILENCE)
			.then(() -> listening(this.here))
			.then(() -> this.here.raise("orders.changed"))
			.expectNext("orders.changed")
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void whatWasRaisedWithoutAConnectionIsToldOverTheNext() {
		start(this.there, true);

		StepVerifier.create(this.there.on("orders.changed"))
			.expectNext("orders.changed")
			.then(() -> this.here.raise("orders.changed"))
			.expectNoEvent(SILENCE)
			.then(() -> start(this.here, true))
			.expectNext("orders.changed")
			.thenCancel()
			.verify(PATIENCE);
	}

	/** The server's process is stopped: its connection neither answers nor ends. */
	@Test
	@Tag("proof")
	void noticesASilentDeath() {
		start(this.there, true);
		int backend = listening(this.there);

		StepVerifier.create(this.there.on("orders.changed"))
			.expectNext("orders.changed")
			.then(() -> signal("STOP", backend))
			.expectNext("orders.changed")
			.thenCancel()
			.verify(PATIENCE);
		signal("CONT", backend);
	}

	@Test
	void tellsNobodyIfSwitchedOff() {
		start(this.here, false);
		start(this.there, true);

		StepVerifier.create(this.there.on("orders.changed"))
			.expectNext("orders.changed")
			.then(() -> this.here.raise("orders.changed"))
			.expectNoEvent(SILENCE)
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void wakesThisProcessWithoutADatabase() {
		NotifyLoop loop = new NotifyLoop(this.here,
				() -> ConnectionFactoryOptions.parse("r2dbc:postgresql://postgres@localhost:1/none"),
				new SignalProperties(true), new SimpleMeterRegistry());
		this.loops.add(loop);
		loop.start();

		StepVerifier.create(this.here.on("orders.changed"))
			.then(() -> this.here.raise("orders.changed"))
			.expectNext("orders.changed")
			.then(() -> this.here.raise("orders.changed"))
			.expectNext("orders.changed")
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void usesTheSameDatabaseWithoutItsPool() {
		ConnectionFactoryOptions pooled = ConnectionFactoryOptions
			.parse("r2dbcs:pool:postgresql:failover://user:pass@one:5432,two:5433/flexy?sslMode=verify-full");

		ConnectionFactoryOptions own = NotifyLoop.unpooled(pooled);

		assertThat(own.getValue(ConnectionFactoryOptions.DRIVER)).isEqualTo("postgresql");
		assertThat(own.getValue(ConnectionFactoryOptions.PROTOCOL)).isEqualTo("failover");
		assertThat(own.getValue(ConnectionFactoryOptions.HOST)).isEqualTo("one:5432,two:5433");
		assertThat(own.getValue(ConnectionFactoryOptions.SSL)).isEqualTo(true);
		assertThat(own.getValue(ConnectionFactoryOptions.USER)).isEqualTo("user");
		assertThat(ConnectionFactories.get(own)).isNotNull();
	}

	private void start(Signals signals, boolean enabled) {
		NotifyLoop loop = new NotifyLoop(signals,
				() -> ConnectionFactoryOptions.parse(this.database.r2dbcUrl())
					.mutate()
					.option(ConnectionFactoryOptions.USER, this.database.username())
					.build(),
				new SignalProperties(enabled), new SimpleMeterRegistry());
		this.loops.add(loop);
		loop.start();
	}

	/** Waits until the only connection listens, and tells its process. */
	private int listening(Signals signals) {
		String topic = "probe-" + System.identityHashCode(signals);
		assertThat(signals.on(topic).blockFirst(PATIENCE)).isEqualTo(topic);
		return backends().get(0);
	}

	private List<Integer> backends() {
		return this.database.client()
			.sql("select pid from pg_stat_activity where application_name = :name and datname = current_database()")
			.bind("name", NotifyLoop.APPLICATION_NAME)
			.mapValue(Integer.class)
			.all()
			.collectList()
			.block(PATIENCE);
	}

	private int terminate() {
		List<Integer> backends = backends();
		Flux.fromIterable(Set.copyOf(backends))
			.concatMap((pid) -> this.database.client()
				.sql("select pg_terminate_backend(:pid)")
				.bind("pid", pid)
				.fetch()
				.rowsUpdated())
			.blockLast(PATIENCE);
		return backends.size();
	}

	private static void signal(String name, int process) {
		try {
			new ProcessBuilder("kill", "-" + name, Integer.toString(process)).start();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
