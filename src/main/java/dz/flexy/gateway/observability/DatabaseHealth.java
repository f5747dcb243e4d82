package dz.flexy.gateway.observability;

import java.time.Duration;

import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Mono;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.r2dbc.health.ConnectionFactoryHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Spring Boot's look at the database, with an end. It waits for ever behind a commit that
 * waits for a standby, and all other components with it.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseHealth {

	private static final Duration PATIENCE = Duration.ofSeconds(3);

	/** By the name of the one that it replaces. */
	@Bean
	ReactiveHealthIndicator r2dbcHealthIndicator(ConnectionFactory connections) {
		ConnectionFactoryHealthIndicator look = new ConnectionFactoryHealthIndicator(connections);
		return () -> look.health()
			.timeout(PATIENCE,
					Mono.fromSupplier(() -> Health.down()
						.withDetail("reason", "no answer within " + PATIENCE.toSeconds() + " s")
						.build()));
	}

}
