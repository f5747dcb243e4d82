package dz.flexy.gateway.upstream;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.budget.Budget;
import dz.flexy.gateway.lease.Leases;
import dz.flexy.gateway.problem.Spans;
import dz.flexy.gateway.signal.Signals;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactories;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

class StandingUnknownTest {

	@Test
	void aReadIsNotSentWhileTheStandingCannotBeRead() {
		try (UpstreamSimulator simulator = UpstreamSimulator.start()) {
			new ApplicationContextRunner().withUserConfiguration(UpstreamWithoutDatabase.class)
				.withPropertyValues(new GatewaySettings().upstream(simulator.baseUrl(), "sim-key-1")
					.asMap()
					.entrySet()
					.stream()
					.map((setting) -> setting.getKey() + "=" + setting.getValue())
					.toArray(String[]::new))
				.run((context) -> {
					Account account = context.getBean(Accounts.class).all().iterator().next();
					Upstream upstream = context.getBean(Upstream.class);

					StepVerifier.create(upstream.balance(Call.lookup(account, Duration.ofSeconds(1))))
						.expectNextMatches((outcome) -> outcome instanceof Outcome.NotSent<?>)
						.expectComplete()
						.verify(Duration.ofSeconds(10));
				});

			assertThat(simulator.requests().all()).isEmpty();
		}
	}

	/* No @Configuration: scans of this package would find it. */
	@ComponentScan(basePackageClasses = { Upstream.class, Accounts.class, Leases.class, Signals.class, Budget.class,
			Breakers.class })
	@Import(Spans.class)
	@ConfigurationPropertiesScan(
			basePackageClasses = { Upstream.class, Accounts.class, Signals.class, Budget.class, Breakers.class })
	static class UpstreamWithoutDatabase {

		@Bean
		DatabaseClient database() {
			return DatabaseClient.create(ConnectionFactories.get("r2dbc:postgresql://postgres@localhost:1/none"));
		}

		@Bean
		Clock clock() {
			return Clock.systemUTC();
		}

		@Bean
		io.micrometer.core.instrument.Clock ticks() {
			return io.micrometer.core.instrument.Clock.SYSTEM;
		}

		@Bean
		SecureRandom random() throws NoSuchAlgorithmException {
			SecureRandom random = SecureRandom.getInstance("DRBG");
			random.nextInt();
			return random;
		}

		@Bean
		JsonMapper json() {
			return JsonMapper.shared();
		}

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

		@Bean
		WebClient.Builder webClient() {
			return WebClient.builder();
		}

	}

}
