package dz.flexy.gateway;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The database takes statements and answers nothing, then comes back. Its server is its
 * own: an open transaction holds back the log of every database of a server.
 */
@Tag("proof")
class SilentDatabaseTest {

	private static final Duration LONGEST = Duration.ofSeconds(60);

	@Test
	void tellsThatNothingIsKnownAndGoesOn(@TempDir Path directory) throws SQLException {
		try (StoppablePostgres postgres = new StoppablePostgres(directory.resolve("data"));
				GatewayUnderTest gateway = GatewayUnderTest
					.start(new GatewaySettings().database(postgres.r2dbcUrl()).asMap())) {
			Answer unknown = sendWhileSilent(gateway, postgres);

			Answer order = gateway.send("036362662", "spoken").block(LONGEST);

			assertThat(unknown.status()).isEqualTo(503);
			assertThat(unknown.code()).isEqualTo("ACCEPTANCE_UNKNOWN");
			assertThat(gateway.end(order.topupId()).block(LONGEST).path("status").asString()).isEqualTo("FULFILLED");
		}
	}

	private static Answer sendWhileSilent(GatewayUnderTest gateway, StoppablePostgres postgres) throws SQLException {
		try (Connection connection = DriverManager
			.getConnection("jdbc:postgresql://localhost:" + postgres.port() + "/postgres", "postgres", "");
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("lock table orders_order in access exclusive mode");
			return gateway.send("036362661", "silent").block(LONGEST);
		}
	}

}
