package dz.flexy.gateway.catalog;

import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class InternetNumberTest {

	@ParameterizedTest
	@CsvSource({ "ADSL,036362608", "ADSL,031417237", "ADSL,021123456", "4G,213472731602", "4G,213665983439",
			"4G,213778037340" })
	void documentedNumbersPass(String type, String number) {
		assertThat(InternetNumber.refusal(type, number)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "ADSL,36362608", "ADSL,0363626081", "ADSL,213036362608", "ADSL,+213363626", "ADSL,03636260a",
			"ADSL,' 036362608'", "ADSL,''", "4G,0665983439", "4G,665983439", "4G,+213665983439", "4G,21366598343",
			"4G,2136659834390", "4G,036362608", "ADSL,٠٣٦٣٦٢٦٠٨" })
	void numbersOfAnotherShapeAreRefused(String type, String number) {
		Problem problem = InternetNumber.refusal(type, number).orElseThrow();

		assertThat(problem.code()).isEqualTo("ERR_PHONE");
		assertThat(problem.status()).isEqualTo(400);
		assertThat(problem.details()).containsEntry("number", number)
			.containsEntry("type", type)
			.containsKey("reason")
			.containsEntry("moneyMayHaveMoved", false)
			.containsEntry("retrySafe", true);
	}

	@ParameterizedTest
	@CsvSource({ "adsl", "4g", "4GLTE", "FTTH", "''" })
	void otherTypesAreRefused(String type) {
		Problem problem = InternetNumber.refusal(type, "036362608").orElseThrow();

		assertThat(problem.code()).isEqualTo("ERR_VALIDATION");
		assertThat(problem.details()).containsEntry("field", "type").containsEntry("value", type);
	}

	@Test
	void aLineBreakAfterTheNumberIsRefused() {
		assertThat(InternetNumber.refusal("ADSL", "036362608\n")).isPresent();
	}

}
