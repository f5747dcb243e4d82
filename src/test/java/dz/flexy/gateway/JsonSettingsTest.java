package dz.flexy.gateway;

import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** The application's own mapper, which reads and writes all money. */
class JsonSettingsTest {

	@ParameterizedTest
	@ValueSource(strings = { "1326.13", "0.1", "1000.000000000000000001", "12345678901234567890.12", "1e400" })
	void readsDecimalsToTheLastDigit(String number) {
		withMapper((json) -> assertThat(json.readTree("{\"n\":" + number + "}").path("n").decimalValue())
			.isEqualByComparingTo(new BigDecimal(number)));
	}

	@Test
	void writesDecimalsWithoutExponent() {
		withMapper((json) -> assertThat(json.writeValueAsString(Map.of("n", new BigDecimal("1E+3"))))
			.isEqualTo("{\"n\":1000}"));
	}

	private static void withMapper(Consumer<JsonMapper> test) {
		new ApplicationContextRunner().withInitializer(new ConfigDataApplicationContextInitializer())
			.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.run((context) -> test.accept(context.getBean(JsonMapper.class)));
	}

}
