package dz.flexy.gateway.callers;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.ContextStart;
import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.lease.Leases;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.signal.Signals;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactories;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The callers' module with the accounts and the renderer it needs; every path answers 200
 * once it is let through. There is no database.
 */
final class CallersUnderTest implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	/** Fails as a start of the gateway would. */
	CallersUnderTest(GatewaySettings settings) {
		List<String> arguments = new ArrayList<>(List.of(settings.asArguments()));
		arguments.add("--spring.config.name=none");
		this.context = ContextStart.alone(() -> new SpringApplicationBuilder(Slice.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new)));
	}

	/** One account and one caller, the most usual settings. */
	static GatewaySettings settings() {
		return new GatewaySettings().set("gateway.upstream.accounts.main.api-key", "upstream-key")
			.caller("shop", "shop-key");
	}

	Callers callers() {
		return this.context.getBean(Callers.class);
	}

	SettableClock clock() {
		return this.context.getBean(SettableClock.class);
	}

	WebTestClient client() {
		return WebTestClient.bindToApplicationContext(this.context).build();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@EnableWebFlux
	@ComponentScan(basePackageClasses = { Caller.class, Accounts.class, Leases.class, Signals.class, Problem.class })
	@ConfigurationPropertiesScan(basePackageClasses = { Caller.class, Accounts.class, Signals.class })
	static class Slice {

		@Bean
		RouterFunction<ServerResponse> anything() {
			return RouterFunctions.route().GET("/**", (request) -> ServerResponse.ok().bodyValue(Map.of())).build();
		}

		@Bean
		Clock clock() {
			return new SettableClock();
		}

		@Bean
		SecureRandom random() throws NoSuchAlgorithmException {
			SecureRandom random = SecureRandom.getInstance("DRBG");
			random.nextInt();
			return random;
		}

		/** There are none. */
		@Bean
		OrderAccess orders() {
			return (caller, order) -> Mono.empty();
		}

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

		@Bean
		JsonMapper json() {
			return new JsonMapper();
		}

		@Bean
		DatabaseClient database() {
			return DatabaseClient.create(ConnectionFactories.get("r2dbc:postgresql://postgres@localhost:1/none"));
		}

	}

}
