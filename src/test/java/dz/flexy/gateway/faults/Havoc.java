package dz.flexy.gateway.faults;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks things at moments that a seed draws: it plans all first, then does it, and tells
 * what it did. Two things may be broken at once; the database breaks in one way at a
 * time.
 */
final class Havoc {

	private static final Logger log = LoggerFactory.getLogger(Havoc.class);

	/** On a machine that others need too. */
	private static final Duration LONGEST_START = Duration.ofMinutes(3);

	private final Estate estate;

	private final Scale scale;

	private final Random random;

	private final List<Deed> plan = new ArrayList<>();

	private final Queue<Done> done = new ConcurrentLinkedQueue<>();

	private final Object database = new Object();

	Havoc(Estate estate, Scale scale, long seed) {
		this.estate = estate;
		this.scale = scale;
		this.random = new Random(seed);
		plan();
	}

	private record Deed(Duration after, String what, Runnable work) {
	}

	/**
	 * Something that was broken, and until when.
	 */
	record Done(String what, Instant from, Instant to) {
	}

	/** Those that hit a share of the calls, all the time. */
	void playFaults(int seed) {
		PlayedUpstream upstream = this.estate.upstream();
		int next = seed;
		for (String on : List.of("send", "placeOrder")) {
			upstream.fault("answerLost", 1, on, 0.02, next++);
			upstream.fault("resetAfterCommit", 1, on, 0.01, next++);
			upstream.fault("bodyCutShort", 1, on, 0.01, next++);
			upstream.fault("truncatedJson", 1, on, 0.005, next++);
			upstream.fault("hangAfterCommit", 1, on, 0.005, next++);
			upstream.fault("errorBeforeCommit", 1, on, 0.015, next++);
			upstream.fault("errorAfterCommit", 1, on, 0.015, next++);
			upstream.fault("cutBeforeCommit", 1, on, 0.005, next++);
			upstream.fault("hangBeforeCommit", 1, on, 0.003, next++);
			upstream.fault("slowBody", 1, on, 0.002, next++);
			upstream.fault("unavailableBeforeCommit", 1, on, 0.005, next++);
		}
		for (String on : List.of("list", "check-ref", "check-id", "check-number", "checkOrder")) {
			upstream.fault("htmlBeforeCommit", 502, on, 0.01, next++);
			upstream.fault("resetBeforeCommit", 1, on, 0.01, next++);
			upstream.fault("hangBeforeCommit", 1, on, 0.003, next++);
		}
	}

	/** Returns when the last deed is done and undone. */
	void wreak() {
		long start = System.nanoTime();
		List<Thread> working = new ArrayList<>();
		for (Deed deed : this.plan) {
			Duration left = deed.after().minusNanos(System.nanoTime() - start);
			if (left.isPositive()) {
				Patience.pause(left);
			}
			working.add(Thread.startVirtualThread(() -> work(deed)));
		}
		working.forEach(Estate::join);
	}

	List<Done> done() {
		return List.copyOf(this.done);
	}

	Map<String, Integer> counts() {
		Map<String, Integer> counts = new LinkedHashMap<>();
		this.done.forEach((deed) -> counts.merge(deed.what(), 1, Integer::sum));
		return counts;
	}

	private void work(Deed deed) {
		Instant from = Instant.now();
		log.info("{}", deed.what());
		try {
			deed.work().run();
			this.done.add(new Done(deed.what(), from, Instant.now()));
		}
		catch (RuntimeException failure) {
			log.warn("{} failed", deed.what(), failure);
		}
	}

	private void plan() {
		times(this.scale.kills(), "kill -9", () -> {
			int which = this.random.nextInt(3);
			Duration pause = between(0, 2000);
			return () -> kill(which, pause);
		});
		List<Boolean> orderly = new ArrayList<>();
		for (int i = 0; i < this.scale.restarts(); i++) {
			orderly.add(i % 2 == 1);
		}
		Collections.reverse(orderly);
		for (boolean shutdown : orderly) {
			times(1, shutdown ? "database shut down and started" : "database crashed and started", () -> {
				Duration pause = between(500, 4000);
				return () -> restart(shutdown, pause);
			});
		}
		times(this.scale.cuts(), "database connections ended", () -> this::cut);
		times(this.scale.freezes(), "replica frozen", () -> {
			int which = this.random.nextInt(3);
			Duration pause = between(8000, 16_000);
			return () -> freeze(which, pause);
		});
		times(this.scale.silences(), "line silent", () -> {
			int which = this.random.nextInt(3);
			boolean toDatabase = this.random.nextBoolean();
			Duration pause = between(3000, 12_000);
			return () -> line(which, toDatabase).goSilent(pause);
		});
		times(this.scale.storms(), "storm of 429", () -> {
			int times = 3 + this.random.nextInt(5);
			return () -> storm(times);
		});
		if (this.estate.disk().canBeFull()) {
			times(this.scale.fullDisks(), "database's disk full", () -> {
				Duration pause = between(3000, 7000);
				return () -> fill(pause);
			});
		}
		this.plan.sort(Comparator.comparing(Deed::after));
	}

	/** One in each of as many equal parts of the time, so that none is free of them. */
	private void times(int times, String what, Supplier<Runnable> draw) {
		for (int i = 0; i < times; i++) {
			double part = (i + this.random.nextDouble()) / times;
			Duration after = Duration.ofMillis((long) (this.scale.load().toMillis() * (0.03 + 0.94 * part)));
			this.plan.add(new Deed(after, what, draw.get()));
		}
	}

	private Duration between(int least, int most) {
		return Duration.ofMillis(least + this.random.nextInt(most - least));
	}

	private void freeze(int which, Duration pause) {
		Replica replica = this.estate.replicas().get(which);
		do {
			Patience.await(LONGEST_START, Duration.ofMillis(50), replica::isUp);
		}
		while (!replica.freeze(pause));
	}

	private void kill(int which, Duration pause) {
		Replica replica = this.estate.replicas().get(which);
		do {
			Patience.await(LONGEST_START, Duration.ofMillis(50), replica::isUp);
		}
		while (!replica.kill());
		Instant killed = Instant.now();
		this.done.add(new Done("killed", killed, killed));
		Patience.pause(pause);
		replica.start();
	}

	private Line line(int which, boolean toDatabase) {
		Replica replica = this.estate.replicas().get(which);
		return toDatabase ? replica.database() : replica.upstream();
	}

	private void restart(boolean orderly, Duration pause) {
		synchronized (this.database) {
			if (orderly) {
				this.estate.postgres().stop();
			}
			else {
				this.estate.postgres().crash();
			}
			Patience.pause(pause);
			this.estate.postgres().start();
		}
	}

	private void cut() {
		synchronized (this.database) {
			try {
				this.estate.ledger().cutConnections();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

	private void storm(int times) {
		this.estate.upstream().storm("send", times);
		this.estate.upstream().storm("list", times);
	}

	/** A server that could not write its log has ended. */
	private void fill(Duration pause) {
		synchronized (this.database) {
			this.estate.disk().fill(pause);
			Patience.pause(Duration.ofSeconds(1));
			if (!this.estate.postgres().isAlive()) {
				this.estate.postgres().stop();
				this.estate.postgres().start();
				this.done.add(new Done("ended by its full disk", Instant.now(), Instant.now()));
			}
		}
	}

}
