package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.r2dbc.spi.ConnectionFactories;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

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

	/**
	 * Starts it.
	 * @param data a directory that is not there yet
	 */
	public StoppablePostgres(Path data) {
		this.data = data;
		this.port = freePort();
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

	/** As an operator does: connections are cut and transactions rolled back. */
	public void stop() {
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

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
