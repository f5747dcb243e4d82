package dz.flexy.gateway;

import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.Test;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** Fields of an order that are missing, of the wrong type or out of range. */
class BadFieldScenarioTest extends BadInputScenario {

	@Test
	void namesTheFieldThatIsMissing() {
		for (String field : List.of("type", "number", "value")) {
			assertThatProblem(send(body(field, null))).names(field).tellsQuota().isHarmless();
			assertThatProblem(post(withRaw(field, "null"))).names(field);
		}
		assertThatProblem(post("{}")).names("type");
	}

	@Test
	void takesNoOtherJsonTypes() {
		for (String field : List.of("type", "number")) {
			for (String value : List.of("1000", "36362601", "true", "[]", "{}", "[\"ADSL\"]", "1.5")) {
				assertThatProblem(post(withRaw(field, value))).names(field);
			}
		}
		for (String value : List.of("\"1000\"", "true", "[]", "{}", "[1000]", "\"\"")) {
			assertThatProblem(post(withRaw("value", value))).names("value");
			assertThatProblem(post(withRaw("max_cost", value))).names("max_cost");
		}
	}

	@Test
	void takesNoAmountThatIsNone() {
		for (String value : List.of("0", "-1000", "-0.0", "0.0", "1e-3", "1e400", "1e-400", "1E+99", "1e999999999",
				"-1e999999999", "1e99999999999", "1000.001", "100000000", "9".repeat(400), "9".repeat(4000))) {
			assertThatProblem(post(withRaw("value", value))).is(400, "ERR_VALIDATION").isHarmless();
			assertThatProblem(post(withRaw("max_cost", value))).is(400, "ERR_VALIDATION");
		}
	}

	@Test
	void knowsTwoTypesOnly() {
		for (String type : List.of("", "adsl", "4g", "Adsl", "ADSL ", " 4G", "FTTH", "4G\u0000", "\ud800",
				"x".repeat(101), "x".repeat(10_000))) {
			assertThatProblem(send(body("type", type))).names("type").isHarmless();
		}
	}

	@Test
	void tellsANumberOfTheOtherTypeByItsShape() {
		for (String number : List.of("", "036", "03636260", "0363626011", "136362601", "213555123456", "036 362601",
				"+36362601", "03636260a", "036362601\n", "\u0660\u0663\u0666\u0663\u0666\u0662\u0666\u0660\u0661",
				"036362601\u0000", "\ud800", "' or 1=1")) {
			assertThatProblem(send(body("number", number))).is(400, "ERR_PHONE").tellsQuota().isHarmless();
		}
		for (String number : List.of("036362601", "21355512345", "2135551234567", "214555123456", "+213555123456",
				"0555123456")) {
			assertThatProblem(send(Map.of("type", "4G", "number", number, "value", 1000))).is(400, "ERR_PHONE");
		}
	}

	@Test
	void refusesARefThatCannotBeKept() {
		for (String ref : List.of("", "/", "a/b", "x".repeat(101), "tab\t", "line\n", "nul\u0000", "\u001b[31m",
				"\u007f", "soft\u00adhyphen", "\u202eright-to-left", "\ufeffmark", "\u2028", "\ue000",
				"\ud83d\ude00".repeat(101))) {
			assertThatProblem(send(body("ref", ref))).names("ref").isHarmless();
		}
		for (String raw : List.of("\"\\ud800\"", "\"a\\udc00b\"", "\"\\u0000\"", "1", "true", "[]", "{}", "[\"a\"]")) {
			assertThatProblem(post(withRaw("ref", raw))).names("ref");
		}
	}

	@Test
	void refusesAUsedRefWithoutALook() {
		Answer used = send(body("ref", "first"));

		assertThatProblem(used).is(403, "DUPLICATED_REF").tellsQuota();
		assertThat(used.body().at("/error/details/ref").asString()).isEqualTo("first");
		assertThat(used.body().at("/error/details/retrySafe").booleanValue()).isFalse();
	}

	private static String withRaw(String field, String json) {
		return "{\"type\":\"ADSL\",\"number\":\"036362601\",\"value\":1000,\"unknown\":1}".replaceFirst(
				"\"" + field + "\":[^,]*|\"unknown\":1",
				java.util.regex.Matcher.quoteReplacement("\"" + field + "\":" + json));
	}

}
