package dz.flexy.gateway;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/**
 * Starts the gateway.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class FlexyGateway {

	/**
	 * Runs until the process is asked to stop.
	 * @param args Spring Boot's command line arguments
	 */
	public static void main(String[] args) {
		SpringApplication.run(FlexyGateway.class, args);
	}

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	/**
	 * Seeded once, here: the platform's default source reads a device, which would block
	 * an event loop.
	 */
	@Bean
	SecureRandom secureRandom() throws NoSuchAlgorithmException {
		SecureRandom random = SecureRandom.getInstance("DRBG");
		random.nextInt();
		return random;
	}

}
