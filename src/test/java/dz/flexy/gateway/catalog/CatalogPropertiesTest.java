package dz.flexy.gateway.catalog;

import java.time.Duration;

import dz.flexy.gateway.problem.InvalidSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CatalogPropertiesTest {

	@Test
	void lookupsWaitAMinuteUnlessToldOtherwise() {
		assertThat(bind(new MapConfigurationPropertySource()).lookupWait()).isEqualTo(Duration.ofSeconds(60));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1s", "5m" })
	void timesFromASecondToFiveMinutesAreTaken(String wait) {
		assertThat(bind(waiting(wait)).lookupWait()).isPositive();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0s", "999ms", "-1s", "301s" })
	void otherTimesStopTheStart(String wait) {
		assertThatThrownBy(() -> bind(waiting(wait))).hasRootCauseInstanceOf(InvalidSetting.class)
			.rootCause()
			.hasMessageStartingWith("gateway.catalog.lookup-wait: must be 1s to 5m");
	}

	private static MapConfigurationPropertySource waiting(String wait) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource();
		source.put("gateway.catalog.lookup-wait", wait);
		return source;
	}

	private static CatalogProperties bind(MapConfigurationPropertySource source) {
		return new Binder(source).bindOrCreate("gateway.catalog", CatalogProperties.class);
	}

}
