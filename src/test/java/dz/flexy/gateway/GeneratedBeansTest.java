package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** What may be set without the jar's generated beans being the wrong ones. */
class GeneratedBeansTest {

	private static final Pattern SETTING = Pattern.compile("(?<![.\\w])(spring|server|management)(\\.[a-z0-9-]+)+");

	@Test
	void settingsOfOursTurnNoCondition() {
		assertThat(GeneratedBeans.isAsBuilt(environment(Map.of("gateway.dispatch.hold", "true",
				"gateway.callers.shop.limit", "1", "logging.level.root", "debug"))))
			.isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "spring.r2dbc.url, r2dbc:postgresql://host/db", "spring.r2dbc.pool.max-size, 5", "server.port, 9080",
			"management.server.port, 9081", "server.forward-headers-strategy, native", "server.ssl.bundle, mine",
			"spring.config.import, configtree:/run/secrets/", "management.tracing.sampling.probability, 1.0" })
	void mayBeSet(String name, String value) {
		assertThat(GeneratedBeans.isAsBuilt(environment(Map.of(name, value)))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "management.opentelemetry.tracing.export.otlp.endpoint, http://collector:4318/v1/traces",
			"server.forward-headers-strategy, FRAMEWORK", "spring.r2dbc.url, r2dbc:pool:postgresql://host/db",
			"spring.config.location, file:my.yml", "spring.config.name, mine", "management.server.port, 8080",
			"management.server.port, -1", "server.port, 8081", "spring.r2dbc.pool.enabled, false",
			"spring.flyway.enabled, false", "management.endpoints.web.exposure.include, '*'",
			"management.endpoint.health.show-details, never", "spring.profiles.active, mine",
			"spring.main.cloud-platform, kubernetes" })
	void hasTheConditionsJudgedAnew(String name, String value) {
		assertThat(GeneratedBeans.isAsBuilt(environment(Map.of(name, value)))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT", "SPRING_R2DBC_POOL_ENABLED" })
	void isSetByVariablesToo(String variable) {
		ConfigurableEnvironment environment = environment(Map.of());
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of("SPRING_R2DBC_URL", "r2dbc:postgresql://host/db", "SERVER_PORT", "9080")));
		assertThat(GeneratedBeans.isAsBuilt(environment)).isTrue();

		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of(variable, "x")));
		assertThat(GeneratedBeans.isAsBuilt(environment)).isFalse();
	}

	/** Such as a variable of whoever builds it. */
	@Test
	void buildsNoSettingIntoTheJar() {
		GeneratedBeans build = new GeneratedBeans(true);

		assertThatIllegalStateException()
			.isThrownBy(() -> build.onApplicationEvent(prepared(Map.of("spring.flyway.enabled", "false"))))
			.withMessageContaining("spring.flyway.enabled");
		assertThatNoException().isThrownBy(
				() -> build.onApplicationEvent(prepared(Map.of("server.port", "0", "spring.aot.processing", "true"))));
	}

	private static ApplicationEnvironmentPreparedEvent prepared(Map<String, Object> more) {
		return new ApplicationEnvironmentPreparedEvent(new DefaultBootstrapContext(),
				new SpringApplication(FlexyGateway.class), new String[0], environment(more));
	}

	/** Those are judged by value, or required of any start. */
	@Test
	void noOtherConditionAsksForWhatMayBeSet() {
		try (GatewayUnderTest gateway = GatewayUnderTest.start()) {
			List<String> asked = gateway.bean(ConditionEvaluationReport.class)
				.getConditionAndOutcomesBySource()
				.values()
				.stream()
				.flatMap(ConditionEvaluationReport.ConditionAndOutcomes::stream)
				.flatMap((judged) -> settings(judged.getOutcome().getMessage()))
				.toList();

			assertThat(asked).contains("spring.flyway.enabled", "server.forward-headers-strategy")
				.filteredOn((name) -> GeneratedBeans.isFree(ConfigurationPropertyName.of(name)))
				.containsOnly("spring.r2dbc.url", "server.forward-headers-strategy");
		}
	}

	private static Stream<String> settings(String message) {
		return SETTING.matcher(message).results().map(MatchResult::group);
	}

	private static ConfigurableEnvironment environment(Map<String, Object> more) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
		environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
		environment.getPropertySources().addFirst(new MapPropertySource("arguments", more));
		shipped(environment);
		ConfigurationPropertySources.attach(environment);
		return environment;
	}

	private static void shipped(ConfigurableEnvironment environment) {
		try {
			new YamlPropertySourceLoader()
				.load("Config resource 'class path resource [application.yml]' via location 'optional:classpath:/'",
						new ClassPathResource("application.yml"))
				.forEach(environment.getPropertySources()::addLast);
		}
		catch (IOException unreadable) {
			throw new UncheckedIOException(unreadable);
		}
	}

}
