package dz.flexy.gateway;

import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import dz.flexy.gateway.problem.InvalidSetting;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** A setting that is missing or contradicts another stops the start with one message. */
@Isolated("reads what the whole process prints")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class SettingsTest {

	private static final String SECRET = "c2VjcmV0IHNlY3JldCBzZWNyZXQ=";

	private static final Object SHOP_DIGEST = new GatewaySettings().caller("shop", "the-shop-key")
		.asMap()
		.get("gateway.callers.shop.keys[0]");

	private final Map<String, Object> good = new HashMap<>();

	@BeforeAll
	void prepare() {
		Database database = Database.fresh();
		this.good.putAll(new GatewaySettings().database(database.r2dbcUrl())
			.upstream(URI.create("http://localhost:1"), "the-upstream-key")
			.caller("shop", "the-shop-key")
			.set("spring.r2dbc.password", "the-database-password")
			.set("server.port", 0)
			.set("management.server.port", 0)
			.asMap());
	}

	@ParameterizedTest
	@MethodSource
	void stopsWithOneMessage(String setting, String value, String message, CapturedOutput output) {
		Throwable failure = catchThrowable(() -> start(setting, value));

		assertThat(NestedExceptionUtils.getMostSpecificCause(failure)).isInstanceOf(InvalidSetting.class)
			.hasMessage(message);
		assertThat(output).contains("APPLICATION FAILED TO START", "Description:\n\n" + message + "\n")
			.doesNotContain("\tat dz.flexy", "the-upstream-key", "the-shop-key", "the-database-password", SECRET);
	}

	static Stream<Arguments> stopsWithOneMessage() {
		return Stream.of(arguments("gateway.upstream.accounts.main.api-key", null,
				"gateway.upstream.accounts.main.api-key: required: the upstream access key of at least one account"),
				arguments("gateway.upstream.accounts.main.api-key", " ",
						"gateway.upstream.accounts.main.api-key: required: the upstream access key"),
				arguments("gateway.upstream.accounts.main.limit", "0",
						"gateway.upstream.accounts.main.limit: must be 1 or more, was 0"),
				arguments("gateway.upstream.accounts.main.window", "10ms",
						"gateway.upstream.accounts.main.window: must be 1s or more, was PT0.01S"),
				arguments("gateway.upstream.base-url", "api.oneclickdz.com",
						"gateway.upstream.base-url: must be http(s)://host[:port], was api.oneclickdz.com"),
				arguments("gateway.upstream.base-url", "ftp://api.oneclickdz.com",
						"gateway.upstream.base-url: must be http(s)://host[:port], was ftp://api.oneclickdz.com"),
				arguments("gateway.upstream.connect-timeout", "15s",
						"gateway.upstream.connect-timeout: must be shorter than gateway.upstream.response-timeout (PT15S)"),
				arguments("gateway.callers.shop.keys[0]", SECRET,
						"gateway.callers.shop.keys[0]: must be sha256: and the 64 hex digits of the key's SHA-256 digest"),
				arguments("gateway.callers.web.limit", "5",
						"gateway.callers.web.keys[0]: required: sha256:<hex of the key's SHA-256 digest>"),
				arguments("gateway.callers.shop.limit", "0",
						"gateway.callers.shop.limit: limit must be 1 or more and window 1s or more"),
				arguments("gateway.callers.shop.weight", "0",
						"gateway.callers.shop.weight: must be 0.01 to 1000, was 0"),
				arguments("gateway.callers.shop.weight", "1001",
						"gateway.callers.shop.weight: must be 0.01 to 1000, was 1001"),
				arguments("gateway.callers.shop.spend-limit", "0",
						"gateway.callers.shop.spend-limit: must be an amount in DZD above 0, was 0"),
				arguments("gateway.callers.shop.spend-window", "999ms",
						"gateway.callers.shop.spend-window: must be 1s or more, was PT0.999S"),
				arguments("gateway.callers.web.keys[0]", SHOP_DIGEST,
						"gateway.callers.web.keys[0]: is the same key as gateway.callers.shop.keys[0]"),
				arguments("gateway.callers.shop.account", "mian",
						"gateway.callers.shop.account: must name one of gateway.upstream.accounts"),
				arguments("gateway.callers.shop.scopes", "orders:read,cards:stael",
						"gateway.callers.shop.scopes: unknown scope cards:stael"),
				arguments("gateway.dispatch.send-wait", "3m",
						"gateway.dispatch.send-wait: must not be longer than gateway.dispatch.send-deadline (PT2M)"),
				arguments("gateway.dispatch.parallel", "0", "gateway.dispatch.parallel: must be 1 or more, was 0"),
				arguments("gateway.polling.sweep", "10ms", "gateway.polling.sweep: must be 50ms or more, was PT0.01S"),
				arguments("gateway.stream.heartbeat", "2h",
						"gateway.stream.heartbeat: must be shorter than gateway.stream.lifetime (PT1H), was PT2H"),
				arguments("gateway.catalog.lookup-wait", "1ms",
						"gateway.catalog.lookup-wait: must be 1s to 5m, was PT0.001S"),
				arguments("gateway.orders.card-key", null,
						"gateway.orders.card-key: required: 32 random bytes in base64"),
				arguments("gateway.orders.card-key", SECRET,
						"gateway.orders.card-key: must be 32 bytes in base64, was 20 bytes"),
				arguments("gateway.orders.card-key", "no base64!",
						"gateway.orders.card-key: must be 32 bytes in base64"),
				arguments("gateway.orders.old-card-keys[0]", SECRET,
						"gateway.orders.old-card-keys[0]: must be 32 bytes in base64, was 20 bytes"),
				arguments("spring.r2dbc.url", null,
						"spring.r2dbc.url: required: r2dbc:postgresql://host[:port]/database"));
	}

	@Test
	void saysWhichVariableToSet(CapturedOutput output) {
		catchThrowable(() -> start("gateway.upstream.accounts.main.api-key", null));

		assertThat(output).contains("Set gateway.upstream.accounts.main.api-key, "
				+ "or GATEWAY_UPSTREAM_ACCOUNTS_MAIN_APIKEY in the environment.");
	}

	private void start(String setting, String value) {
		Map<String, Object> settings = new LinkedHashMap<>(this.good);
		settings.remove(setting);
		if (value != null) {
			settings.put(setting, value);
		}
		SpringApplication application = new SpringApplication(FlexyGateway.class);
		application.addInitializers((starting) -> starting.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", settings)));
		application.setRegisterShutdownHook(false);
		application.run().close();
	}

}
