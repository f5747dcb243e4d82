package dz.flexy.gateway;

import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import dz.flexy.gateway.problem.InvalidSetting;
import dz.flexy.gateway.problem.SettingFault;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

	private static final JsonMapper JSON = new JsonMapper();

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
				arguments("gateway.callers.second", SECRET, "gateway.callers.second: must be a group of settings"),
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
				arguments("gateway.dispatch.send-within", "0s",
						"gateway.dispatch.send-within: must be longer than 0, was PT0S"),
				arguments("gateway.dispatch.hold", "maybe", "gateway.dispatch.hold: must be true or false, was maybe"),
				arguments("gateway.upstream.connections", "0",
						"gateway.upstream.connections: must be 1 or more, was 0"),
				arguments("gateway.upstream.connections", "many",
						"gateway.upstream.connections: must be a whole number, was many"),
				arguments("gateway.upstream.base-url", "http://a b",
						"gateway.upstream.base-url: must be http(s)://host[:port], was http://a%20b"),
				arguments("gateway.upstream.accounts.main.type", "TEST",
						"gateway.upstream.accounts.main.type: must be one of [PRODUCTION, SANDBOX], was TEST"),
				arguments("gateway.upstream.accounts.main.window", "a minute",
						"gateway.upstream.accounts.main.window: must be a duration such as 500ms, 10s or 2m, was a minute"),
				arguments("gateway.callers.shop.weight", "heavy",
						"gateway.callers.shop.weight: must be a number, was heavy"),
				arguments("gateway.callers.shop.direct-until", "tomorrow",
						"gateway.callers.shop.direct-until: must be an instant such as 2026-10-30T00:00:00Z, was tomorrow"),
				arguments("gateway.failed-attempts.limit", "0",
						"gateway.failed-attempts.limit: must be 1 or more, was 0"),
				arguments("gateway.failed-attempts.window", "1ms",
						"gateway.failed-attempts.window: must be 1s or more, was PT0.001S"),
				arguments("gateway.request.timeout", "0s", "gateway.request.timeout: must be longer than 0, was PT0S"),
				arguments("gateway.reconciliation.every", "10d",
						"gateway.reconciliation.every: must be from PT1M to PT168H, was PT240H"),
				arguments("gateway.orders.retention", "1d",
						"gateway.orders.retention: must be 32d or longer, was PT24H"),
				arguments("gateway.stream.per-caller", "0", "gateway.stream.per-caller: must be 1 or more, was 0"),
				arguments("gateway.stream.patience", "1ms",
						"gateway.stream.patience: must be 10ms or more, was PT0.001S"),
				arguments("gateway.stream.cors-origins", "*",
						"gateway.stream.cors-origins: must be origins such as https://shop.example, without *, was *"),
				arguments("management.endpoints.web.base-path", "/",
						"management.endpoints.web.base-path: must be a path such as /actuator, was /"),
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

	/** One start tells of all, whichever module they belong to, each once. */
	@Test
	void tellsOfAllThatIsWrongAtOnce(CapturedOutput output) {
		Map<String, String> wrong = new LinkedHashMap<>();
		wrong.put("spring.r2dbc.url", null);
		wrong.put("gateway.dispatch.send-wait", "soon");
		wrong.put("gateway.dispatch.parallel", "0");
		wrong.put("gateway.dispatch.hold", "maybe");
		wrong.put("gateway.stream.heartbeat", "2h");
		wrong.put("gateway.stream.per-address", "-1");
		wrong.put("gateway.upstream.accounts.main.limit", "0");
		wrong.put("gateway.upstream.accounts.main.window", "1ms");
		wrong.put("gateway.callers.shop.account", "mian");
		wrong.put("gateway.callers.shop.weight", "heavy");
		wrong.put("gateway.callers.web.keys[0]", SECRET);
		wrong.put("gateway.orders.card-key", SECRET);
		wrong.put("gateway.orders.old-card-keys[0]", SECRET);

		Throwable failure = catchThrowable(() -> start(wrong));

		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		assertThat(cause).isInstanceOf(InvalidSetting.class).hasMessageStartingWith("13 settings are wrong:\n- ");
		assertThat(((InvalidSetting) cause).faults()).extracting(SettingFault::setting)
			.containsExactlyInAnyOrderElementsOf(wrong.keySet());
		assertThat(output)
			.contains("\n- gateway.dispatch.parallel: must be 1 or more, was 0\n",
					"Set gateway.orders.card-key, or GATEWAY_ORDERS_CARDKEY in the environment.\n",
					"Set spring.r2dbc.url, or SPRING_R2DBC_URL in the environment.\n")
			.doesNotContain("\tat dz.flexy", "the-upstream-key", "the-shop-key", "the-database-password", SECRET);
	}

	/** In the shape that log collectors read, too. */
	@Test
	void saysItAsJsonIfAskedTo(CapturedOutput output) {
		catchThrowable(
				() -> start(Map.of("gateway.dispatch.parallel", "0"), "--logging.structured.format.console=ecs"));

		assertThat(output.getOut().lines().filter((line) -> line.startsWith("{"))).anySatisfy((line) -> {
			JsonNode entry = JSON.readTree(line);
			assertThat(entry.at("/@timestamp").asString()).isNotEmpty();
			assertThat(entry.at("/log/level").asString()).isEqualTo("ERROR");
			assertThat(entry.at("/ecs/version").asString()).isNotEmpty();
			assertThat(entry.at("/service/name").asString()).isEqualTo("flexy-gateway");
			assertThat(entry.at("/message").asString()).contains("gateway.dispatch.parallel: must be 1 or more, was 0");
		});
	}

	private void start(String setting, String value) {
		Map<String, String> changed = new HashMap<>();
		changed.put(setting, value);
		start(changed);
	}

	private void start(Map<String, String> changed, String... arguments) {
		Map<String, Object> settings = new LinkedHashMap<>(this.good);
		changed.forEach((setting, value) -> {
			settings.remove(setting);
			if (value != null) {
				settings.put(setting, value);
			}
		});
		SpringApplication application = new SpringApplication(FlexyGateway.class);
		application.addInitializers((starting) -> starting.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", settings)));
		application.setRegisterShutdownHook(false);
		application.run(arguments).close();
	}

}
