package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.problem.InvalidSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StreamPropertiesTest {

	@Test
	void hasTheDocumentedDefaults() {
		assertThat(bind(Map.of())).isEqualTo(new StreamProperties(Duration.ofSeconds(15), Duration.ofHours(1),
				Duration.ofSeconds(60), 15000, 15000, List.of()));
	}

	@Test
	void aHeartbeatJustShorterThanTheLifetimeIsTaken() {
		assertThat(bind(Map.of("heartbeat", "59999ms", "lifetime", "60s")).heartbeat())
			.isLessThan(Duration.ofMinutes(1));
	}

	@ParameterizedTest
	@CsvSource({ "60s,60s", "61s,60s" })
	void aHeartbeatThatIsNotShorterThanTheLifetimeStopsTheStart(String heartbeat, String lifetime) {
		assertThatThrownBy(() -> bind(Map.of("heartbeat", heartbeat, "lifetime", lifetime)))
			.hasRootCauseInstanceOf(InvalidSetting.class)
			.rootCause()
			.hasMessageStartingWith("gateway.stream.heartbeat: must be shorter than gateway.stream.lifetime");
	}

	@ParameterizedTest
	@CsvSource({ "heartbeat,0s", "heartbeat,-1s", "patience,0s", "patience,9ms" })
	void timesThatAreNoneStopTheStart(String name, String value) {
		assertThatThrownBy(() -> bind(Map.of(name, value))).hasRootCauseInstanceOf(InvalidSetting.class)
			.rootCause()
			.hasMessageStartingWith("gateway.stream." + name + ": must be 10ms or more");
	}

	@ParameterizedTest
	@CsvSource({ "per-caller,0", "per-address,-1" })
	void limitsThatLetNobodyInStopTheStart(String name, String value) {
		assertThatThrownBy(() -> bind(Map.of(name, value))).rootCause()
			.hasMessageStartingWith("gateway.stream." + name + ": must be 1 or more");
	}

	@ParameterizedTest
	@ValueSource(strings = { "*", "https://*.shop.example", "shop.example", "https://shop.example/", "null" })
	void whatIsNoOriginStopsTheStart(String origin) {
		assertThatThrownBy(() -> bind(Map.of("cors-origins[0]", origin))).rootCause()
			.isInstanceOf(InvalidSetting.class)
			.hasMessageStartingWith("gateway.stream.cors-origins");
	}

	private static StreamProperties bind(Map<String, String> settings) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource();
		settings.forEach((name, value) -> source.put("gateway.stream." + name, value));
		return new Binder(source).bindOrCreate("gateway.stream", StreamProperties.class);
	}

}
