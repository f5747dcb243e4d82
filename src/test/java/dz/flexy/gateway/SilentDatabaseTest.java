package dz.flexy.gateway;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/** The database takes statements and answers nothing, then comes back. */
@Isolated("its open transaction holds back the log of every database of the server")
@Tag("proof")
class SilentDatabaseTest {

	private static final Duration LONGEST = Duration.ofSeconds(60);

	@Test
	void tellsThatNothingIsKnownAndGoesOn() throws SQLException {
		try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
			Answer unknown = sendWhileSilent(gateway);

			Answer order = gateway.send("036362662", "spoken").block(LONGEST);

			assertThat(unknown.status()).isEqualTo(503);
			assertThat(unknown.code()).isEqualTo("ACCEPTANCE_UNKNOWN");
			assertThat(gateway.end(order.topupId()).block(LONGEST).path("status").asString()).isEqualTo("FULFILLED");
		}
	}

	private static Answer sendWhileSilent(GatewayUnderTest gateway) throws SQLException {
		Database database = gateway.database();
		try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.username(),
				database.password()); Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("lock table orders_order in access exclusive mode");
			return gateway.send("036362661", "silent").block(LONGEST);
		}
	}

}
