package dz.flexy.gateway.dispatch;

import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FieldsTest {

	@ParameterizedTest
	@ValueSource(strings = { "1e400", "-1e400", "1e99999", "0", "-1", "1000.005", "100000000", "\"1000\"", "true" })
	void refusesWhatIsNoAmount(String value) {
		Fields fields = new Fields(JsonMapper.shared().readTree("{\"value\":" + value + "}"));

		assertThatExceptionOfType(Problem.class).isThrownBy(() -> fields.amount("value"))
			.matches((problem) -> problem.code().equals("ERR_VALIDATION"));
	}

}
