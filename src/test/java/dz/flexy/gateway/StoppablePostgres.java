package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

import io.r2dbc.spi.ConnectionFactories;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

import org.springframework.r2dbc.core.DatabaseClient;

/**
 * A PostgreSQL of a test's own that can be stopped and started again on the same port
 * with the same data. Stopping and starting block.
 */
final class StoppablePostgres implements AutoCloseable {

	private final Path data;

	private final int port;

	private @Nullable EmbeddedPostgres server;

	/**
	 * Starts it.
	 * @param data a directory that is not there yet
	 */
	StoppablePostgres(Path data) {
		this.data = data;
		this.port = freePort();
		start();
	}

	void start() {
		try {
			this.server = EmbeddedPostgres.builder()
				.setPort(this.port)
				.setDataDirectory(this.data)
				.setCleanDataDirectory(false)
				.setServerConfig("fsync", "off")
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** As an operator does: connections are cut and transactions rolled back. */
	void stop() {
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

	/** For {@code spring.r2dbc.url}; the user is {@code postgres}. */
	String r2dbcUrl() {
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
