package dz.flexy.gateway.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.signal.Signals;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import org.springframework.r2dbc.core.DatabaseClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Replicas are loops in one process; they share wake-ups, so nobody waits for a beat. */
class PresenceLoopTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final Database database = Database.fresh();

	private final Signals signals = new Signals();

	private final List<PresenceLoop> loops = new ArrayList<>();

	@AfterEach
	void stop() {
		this.loops.forEach(PresenceLoop::stop);
	}

	@Test
	void countsThoseWhoCome() {
		Replicas first = start("a");
		Replicas second = start("b");
		Replicas third = start("c");

		awaitLive(3, first, second, third);
	}

	@Test
	void nobodyIsAloneBeforeTheFirstCount() {
		Replicas replicas = new Replicas();
		assertThat(replicas.live()).isOne();
		assertThat(replicas.alone()).isFalse();

		replicas.counted(2);
		assertThat(replicas.alone()).isFalse();
		replicas.counted(1);
		assertThat(replicas.alone()).isTrue();
	}

	@Test
	void aStoppedOneIsLeftOutAtOnce() throws InterruptedException {
		Replicas first = start("a");
		start("b");
		awaitLive(2, first);

		stop(this.loops.get(1));

		awaitLive(1, first);
	}

	@Test
	void aDeadOneIsLeftOutInFifteenSeconds() {
		Replicas first = start("a");
		Replicas second = start("b");
		awaitLive(2, first, second);
		this.loops.get(1).stop(); // without a word

		execute("update replica set expires_at = expires_at - interval '10 seconds' where id = 'b'");

		assertThat(PresenceLoop.LIFE.plus(PresenceLoop.BEAT)).isLessThan(Duration.ofSeconds(15));
		awaitLive(1, first);
	}

	@Test
	void aStopGivesAllLeasesBack() throws InterruptedException {
		Replica replica = new Replica("a");
		LeaseStore store = new LeaseStore(this.database.client());
		Leases own = new Leases(store, replica);
		own.take("sweep", Duration.ofMinutes(1)).block(PATIENCE);
		own.takeAlone("check", Duration.ofMinutes(1)).block(PATIENCE);
		Leases other = new Leases(store, new Replica("b"));
		other.take("kept", Duration.ofMinutes(1)).block(PATIENCE);
		start("a");

		stop(this.loops.get(0));

		assertThat(other.take("sweep", Duration.ofMinutes(1)).block(PATIENCE)).isNotNull();
		assertThat(other.takeAlone("check", Duration.ofMinutes(1)).block(PATIENCE)).isNotNull();
		assertThat(own.take("kept", Duration.ofMinutes(1)).block(PATIENCE)).isNull();
	}

	@Test
	void aStopWithoutADatabaseWaitsForNobody() throws InterruptedException {
		PresenceLoop loop = loop("a", new Replicas(),
				DatabaseClient.create(ConnectionFactories.get("r2dbc:postgresql://postgres@localhost:1/none")));
		loop.start();

		stop(loop);
	}

	@Test
	void theLastCountHoldsWhileTheDatabaseFails() {
		Replicas first = start("a");
		Replicas second = start("b");
		awaitLive(2, first, second);

		execute("alter table replica rename to gone");
		this.signals.raise(PresenceLoop.TOPIC);
		Flux.interval(Duration.ofMillis(200)).take(2).blockLast(PATIENCE);

		assertThat(first.live()).isEqualTo(2);
	}

	private Replicas start(String id) {
		Replicas replicas = new Replicas();
		PresenceLoop loop = loop(id, replicas, this.database.client());
		this.loops.add(loop);
		loop.start();
		return replicas;
	}

	private PresenceLoop loop(String id, Replicas replicas, DatabaseClient client) {
		return new PresenceLoop(new ReplicaStore(client), new LeaseStore(client), new Replica(id), replicas,
				this.signals, new SimpleMeterRegistry());
	}

	private static void stop(PresenceLoop loop) throws InterruptedException {
		CountDownLatch stopped = new CountDownLatch(1);
		loop.stop(stopped::countDown);
		assertThat(stopped.await(5, TimeUnit.SECONDS)).isTrue();
	}

	private static void awaitLive(int live, Replicas... replicas) {
		for (Replicas each : replicas) {
			Flux.interval(Duration.ofMillis(20))
				.onBackpressureDrop()
				.filter((i) -> each.live() == live)
				.blockFirst(PATIENCE);
		}
	}

	private void execute(String sql) {
		this.database.client().sql(sql).then().block(PATIENCE);
	}

}
