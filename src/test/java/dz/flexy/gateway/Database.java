package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;

import org.springframework.r2dbc.core.DatabaseClient;

/**
 * A migrated database of a test's own, in one real PostgreSQL that is started when the
 * first test of the process asks for one and ends with the process. The migrations run
 * once; each further database is a copy.
 */
public final class Database {

	private static final String TEMPLATE = "migrated";

	private static final AtomicInteger count = new AtomicInteger();

	private final String name;

	private final ConnectionFactory connections;

	private Database(String name) {
		this.name = name;
		this.connections = ConnectionFactories.get("r2dbc:postgresql://postgres@localhost:" + port() + "/" + name);
	}

	/** A new database with all tables and no rows. Blocks, so not on a reactor thread. */
	public static Database fresh() {
		String name = "test_" + count.incrementAndGet();
		run("create database " + name + " template " + TEMPLATE);
		return new Database(name);
	}

	/** A new database with nothing in it. Blocks, so not on a reactor thread. */
	public static Database empty() {
		String name = "test_" + count.incrementAndGet();
		run("create database " + name);
		return new Database(name);
	}

	/** Opens a new connection each time; nothing is pooled. */
	public ConnectionFactory connections() {
		return this.connections;
	}

	public DatabaseClient client() {
		return DatabaseClient.create(this.connections);
	}

	/** For {@code spring.r2dbc.url}; the user is {@link #username()}. */
	public String r2dbcUrl() {
		return "r2dbc:postgresql://localhost:" + port() + "/" + this.name;
	}

	public String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + port() + "/" + this.name;
	}

	public String username() {
		return "postgres";
	}

	/** Any will do: the server trusts local connections. */
	public String password() {
		return "postgres";
	}

	/** Ends all connections to it and lets no further ones in. Blocks. */
	public void shut() {
		run("alter database " + this.name + " with allow_connections false");
		run("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + this.name + "'");
	}

	private static int port() {
		return Server.POSTGRES.getPort();
	}

	private static void run(String sql) {
		try (Connection connection = Server.POSTGRES.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(sql, ex);
		}
	}

	/** Started by the first use of this class. */
	private static final class Server {

		private static final EmbeddedPostgres POSTGRES = start();

		private static EmbeddedPostgres start() {
			try {
				EmbeddedPostgres postgres = EmbeddedPostgres.builder()
					.setServerConfig("fsync", "off")
					.setServerConfig("max_connections", "300")
					// Its transactions hide events, and its statistics change plans.
					.setServerConfig("autovacuum", "off")
					.start();
				migrate(postgres);
				return postgres;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private static void migrate(EmbeddedPostgres postgres) {
			try (Connection connection = postgres.getPostgresDatabase().getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute("create database " + TEMPLATE);
			}
			catch (SQLException ex) {
				throw new IllegalStateException("no template", ex);
			}
			Flyway.configure()
				.dataSource(postgres.getDatabase("postgres", TEMPLATE))
				// As in application.yml.
				.configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
				.load()
				.migrate();
		}

	}

}
