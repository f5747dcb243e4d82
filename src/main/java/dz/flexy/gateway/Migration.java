package dz.flexy.gateway;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets migrations use the database of {@code spring.r2dbc.*} without settings of their
 * own.
 */
@Configuration(proxyBeanMethods = false)
class Migration {

	/** Options that both drivers know, by the JDBC driver's name. */
	private static final Map<String, String> TLS = Map.of("sslMode", "sslmode", "sslRootCert", "sslrootcert", "sslCert",
			"sslcert", "sslKey", "sslkey", "sslPassword", "sslpassword");

	@Bean
	FlywayConnectionDetails migrationConnection(R2dbcConnectionDetails connection) {
		return new DerivedConnection(connection.getConnectionFactoryOptions());
	}

	static String jdbcUrl(ConnectionFactoryOptions options) {
		Object port = options.getValue(ConnectionFactoryOptions.PORT);
		String query = tls(options).entrySet()
			.stream()
			.map((option) -> option.getKey() + "=" + encode(option.getValue()))
			.collect(Collectors.joining("&"));
		// Several hosts carry their own ports: host1:5432,host2:5432.
		return "jdbc:postgresql://" + options.getRequiredValue(ConnectionFactoryOptions.HOST)
				+ ((port != null) ? ":" + port : "") + "/"
				+ encode(options.getRequiredValue(ConnectionFactoryOptions.DATABASE))
				+ (query.isEmpty() ? "" : "?" + query);
	}

	private static Map<String, String> tls(ConnectionFactoryOptions options) {
		Map<String, String> tls = new LinkedHashMap<>();
		if ("true".equalsIgnoreCase(String.valueOf(options.getValue(ConnectionFactoryOptions.SSL)))) {
			tls.put("sslmode", "verify-full");
		}
		TLS.forEach((theirs, ours) -> {
			Object value = options.getValue(Option.valueOf(theirs));
			if (value != null) {
				tls.put(ours, ours.equals("sslmode") ? mode(value) : value.toString());
			}
		});
		return tls;
	}

	/** R2DBC also takes the names of its constants: {@code VERIFY_FULL}. */
	private static String mode(Object value) {
		return value.toString().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static String encode(Object part) {
		return URLEncoder.encode(part.toString(), StandardCharsets.UTF_8);
	}

	private record DerivedConnection(ConnectionFactoryOptions options) implements FlywayConnectionDetails {

		@Override
		public @Nullable String getUsername() {
			Object user = this.options.getValue(ConnectionFactoryOptions.USER);
			return (user != null) ? user.toString() : null;
		}

		@Override
		public @Nullable String getPassword() {
			CharSequence password = (CharSequence) this.options.getValue(ConnectionFactoryOptions.PASSWORD);
			return (password != null) ? password.toString() : null;
		}

		@Override
		public String getJdbcUrl() {
			return Migration.jdbcUrl(this.options);
		}

		/** The password stays unprinted. */
		@Override
		public String toString() {
			return "DerivedConnection[***]";
		}

	}

}
