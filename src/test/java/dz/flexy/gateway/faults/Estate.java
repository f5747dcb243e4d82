package dz.flexy.gateway.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dz.flexy.gateway.StoppablePostgres;

/** All processes of a run. They end with it, however it ends. */
final class Estate implements AutoCloseable {

	private static final int REPLICAS = 3;

	private final Disk disk;

	private final StoppablePostgres postgres;

	private final Ledger ledger;

	private final PlayedUpstream upstream;

	private final List<Replica> replicas;

	private final Thread atExit = new Thread(this::end);

	Estate(Path jar, Path directory) {
		Runtime.getRuntime().addShutdownHook(this.atExit);
		this.disk = new Disk(created(directory.resolve("disk")));
		this.postgres = new StoppablePostgres(this.disk.path().resolve("data"));
		this.ledger = new Ledger(this.postgres.port());
		this.upstream = new PlayedUpstream(directory);
		Wishes.stocked().forEach(this.upstream::stock);
		Packaged learnt = learn(Packaged.learning(jar, directory), directory.resolve("learning"));
		this.replicas = IntStream.range(0, REPLICAS)
			.mapToObj((i) -> new Replica(learnt, directory.resolve("replica-" + i), this.postgres.port(),
					this.upstream.port(), (i == REPLICAS - 1) ? Replica.fakeClock() : Optional.empty()))
			.toList();
	}

	/** Migrates the database too. */
	private Packaged learn(Packaged learning, Path directory) {
		try (Replica replica = new Replica(learning, directory, this.postgres.port(), this.upstream.port(),
				Optional.empty())) {
			replica.start();
			replica.stop();
		}
		return learning.learnt();
	}

	/** Returns when all are ready. */
	void start() {
		inParallel(this.replicas.stream().<Runnable>map((replica) -> replica::start).toList());
	}

	Disk disk() {
		return this.disk;
	}

	StoppablePostgres postgres() {
		return this.postgres;
	}

	Ledger ledger() {
		return this.ledger;
	}

	PlayedUpstream upstream() {
		return this.upstream;
	}

	List<Replica> replicas() {
		return this.replicas;
	}

	List<URI> uris() {
		return this.replicas.stream().map(Replica::uri).toList();
	}

	@Override
	public void close() {
		Runtime.getRuntime().removeShutdownHook(this.atExit);
		end();
		this.postgres.close();
		this.disk.close();
	}

	static void inParallel(List<Runnable> jobs) {
		List<Thread> threads = jobs.stream().map(Thread::startVirtualThread).toList();
		threads.forEach(Estate::join);
	}

	static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** The database ends by a hook of its own. */
	private void end() {
		if (this.replicas != null) {
			this.replicas.forEach(Replica::close);
		}
		if (this.upstream != null) {
			this.upstream.close();
		}
	}

	private static Path created(Path directory) {
		try {
			return Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
