package dz.flexy.gateway;

import java.util.LinkedHashMap;
import java.util.Map;

import io.r2dbc.spi.ConnectionFactoryOptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The JDBC address that is derived from the R2DBC one. */
class MigrationTest {

	@Test
	void derivesTheSameDatabase() {
		Map<String, String> derived = new LinkedHashMap<>();
		derived.put("r2dbc:postgresql://db/flexy", "jdbc:postgresql://db/flexy");
		derived.put("r2dbc:postgresql://db:6432/flexy", "jdbc:postgresql://db:6432/flexy");
		derived.put("r2dbc:pool:postgresql://db:6432/flexy?maxSize=3", "jdbc:postgresql://db:6432/flexy");
		derived.put("r2dbc:postgresql://a:5432,b:5433/flexy", "jdbc:postgresql://a:5432,b:5433/flexy");
		derived.put("r2dbc:postgresql://me:secret@db/flexy", "jdbc:postgresql://db/flexy");

		derived.forEach((r2dbc, jdbc) -> assertThat(jdbcUrl(r2dbc)).as(r2dbc).isEqualTo(jdbc));
	}

	@Test
	void keepsTls() {
		Map<String, String> derived = new LinkedHashMap<>();
		derived.put("r2dbcs:postgresql://db/flexy", "sslmode=verify-full");
		derived.put("r2dbc:postgresql://db/flexy?ssl=true", "sslmode=verify-full");
		derived.put("r2dbc:postgresql://db/flexy?ssl=false", "");
		derived.put("r2dbcs:postgresql://db/flexy?sslMode=require", "sslmode=require");
		derived.put("r2dbc:postgresql://db/flexy?sslMode=VERIFY_FULL", "sslmode=verify-full");
		derived.put("r2dbc:postgresql://db/flexy?sslMode=verify-ca", "sslmode=verify-ca");
		derived.put("r2dbc:postgresql://db/flexy?sslMode=VERIFY_CA", "sslmode=verify-ca");
		derived.put("r2dbc:postgresql://db/flexy?sslMode=PREFER", "sslmode=prefer");
		derived.put("r2dbc:postgresql://db/flexy?sslRootCert=/etc/ca.pem", "sslrootcert=%2Fetc%2Fca.pem");
		derived.put("r2dbc:postgresql://db/flexy?sslPassword=a%26b", "sslpassword=a%26b");

		derived.forEach((r2dbc, tls) -> assertThat(jdbcUrl(r2dbc)).as(r2dbc)
			.isEqualTo("jdbc:postgresql://db/flexy" + (tls.isEmpty() ? "" : "?" + tls)));
	}

	@Test
	void escapesTheNameOfTheDatabase() {
		assertThat(Migration.jdbcUrl(ConnectionFactoryOptions.builder()
			.option(ConnectionFactoryOptions.DRIVER, "postgresql")
			.option(ConnectionFactoryOptions.HOST, "db")
			.option(ConnectionFactoryOptions.DATABASE, "what?now")
			.build())).isEqualTo("jdbc:postgresql://db/what%3Fnow");
	}

	private static String jdbcUrl(String r2dbcUrl) {
		return Migration.jdbcUrl(ConnectionFactoryOptions.parse(r2dbcUrl));
	}

}
