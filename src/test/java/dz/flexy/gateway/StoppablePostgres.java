package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.r2dbc.spi.ConnectionFactories;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import reactor.util.retry.Retry;

import org.springframework.r2dbc.core.DatabaseClient;

/**
 * A PostgreSQL of a test's own that can be stopped and started again on the same port
 * with the same data. Stopping and starting block.
 */
public final class StoppablePostgres implements AutoCloseable {

	/** After a crash the log is replayed first. */
	private static final Duration LONGEST_START = Duration.ofSeconds(60);

	private static final Duration LONGEST_END = Duration.ofSeconds(30);

	private final Path data;

	private final int port;

	private @Nullable EmbeddedPostgres server;

	/** By which a server runs whose clock is not the machine's. */
	private @Nullable Process clocked;

	/**
	 * Starts it.
	 * @param data a directory that is not there yet
	 */
	public StoppablePostgres(Path data) {
		this.data = data;
		this.port = FreePort.next();
		start();
	}

	public void start() {
		try {
			this.server = EmbeddedPostgres.builder()
				.setPort(this.port)
				.setDataDirectory(this.data)
				.setCleanDataDirectory(false)
				.setServerConfig("fsync", "off")
				.setServerConfig("synchronous_commit", "on")
				.setServerConfig("max_connections", "200")
				.setServerConfig("max_wal_size", "128MB")
				.setPGStartupWait(LONGEST_START)
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Stops it and starts it with a clock that can be set.
	 * @param library Debian's libfaketime
	 * @param offset holds how far its clock is ahead, such as {@code +7200}; read once a
	 * second
	 */
	public void restartWithClock(Path library, Path offset) {
		String program = ProcessHandle.of(pid()).flatMap((postmaster) -> postmaster.info().command()).orElseThrow();
		stop();
		// As root it would not start; in a user namespace of its own it isn't.
		List<String> command = new ArrayList<>(
				List.of(program, "-D", this.data.toString(), "-p", Integer.toString(this.port)));
		if (System.getProperty("user.name").equals("root")) {
			command.addAll(0, List.of("unshare", "-U"));
		}
		List.of("fsync=off", "max_connections=200", "listen_addresses=localhost", "unix_socket_directories=")
			.forEach((setting) -> command.addAll(List.of("-c", setting)));
		ProcessBuilder server = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.data.resolveSibling("clocked.log").toFile());
		server.environment()
			.putAll(Map.of("LD_PRELOAD", library.toString(), "FAKETIME_TIMESTAMP_FILE", offset.toString(),
					"FAKETIME_CACHE_DURATION", "1", "FAKETIME_DONT_FAKE_MONOTONIC", "1", "DONT_FAKE_MONOTONIC", "1"));
		try {
			this.clocked = server.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		client().sql("select 1")
			.fetch()
			.first()
			.retryWhen(Retry.fixedDelay(100, Duration.ofMillis(100)))
			.block(LONGEST_START);
	}

	/** What its clock says. */
	public Instant now() {
		return client().sql("select clock_timestamp()").mapValue(Instant.class).one().block(LONGEST_END);
	}

	/** As an operator does: connections are cut and transactions rolled back. */
	public void stop() {
		if (this.clocked != null) {
			this.clocked.destroy();
			this.clocked.onExit().orTimeout(LONGEST_END.toSeconds(), TimeUnit.SECONDS).join();
			this.clocked = null;
			return;
		}
		try {
			if (this.server != null) {
				this.server.close();
				this.server = null;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Stops at once, as at a power failure: what is committed must be found in the log at
	 * the next start.
	 */
	public void crash() {
		long pid = pid();
		try {
			new ProcessBuilder("sh", "-c", "kill -QUIT " + pid).start().waitFor();
			ProcessHandle.of(pid)
				.ifPresent((
						postmaster) -> postmaster.onExit().orTimeout(LONGEST_END.toSeconds(), TimeUnit.SECONDS).join());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		stop();
	}

	/** Changes a setting of the running server, for all its connections. */
	public void set(String setting, String value) {
		DatabaseClient client = client();
		client.sql("alter system set " + setting + " = '" + value + "'")
			.then()
			.then(client.sql("select pg_reload_conf()").fetch().first())
			.block(LONGEST_END);
	}

	/** How many sessions wait for that. */
	public long waiting(String event) {
		return client().sql("select count(*) from pg_stat_activity where wait_event = :event")
			.bind("event", event)
			.mapValue(Long.class)
			.one()
			.block(LONGEST_END);
	}

	/** Whether the server runs; one whose disk is full may have ended. */
	public boolean isAlive() {
		return Files.exists(pidFile()) && ProcessHandle.of(pid()).isPresent();
	}

	public int port() {
		return this.port;
	}

	private Path pidFile() {
		return this.data.resolve("postmaster.pid");
	}

	private long pid() {
		try (Stream<String> lines = Files.lines(pidFile())) {
			return Long.parseLong(lines.findFirst().orElseThrow().strip());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** For {@code spring.r2dbc.url}; the user is {@code postgres}. */
	public String r2dbcUrl() {
		return "r2dbc:postgresql://localhost:" + this.port + "/postgres";
	}

	/** Opens a new connection each time. */
	DatabaseClient client() {
		return DatabaseClient.create(ConnectionFactories.get(r2dbcUrl().replace("://", "://postgres@")));
	}

	@Override
	public void close() {
		stop();
	}

}
