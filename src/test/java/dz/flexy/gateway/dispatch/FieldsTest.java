package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;

import dz.flexy.gateway.problem.Problem;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FieldsTest {

	/** As the application's own. */
	private static final JsonMapper JSON = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	@ParameterizedTest
	@CsvSource({ "1, 1", "0.01, 0.01", "1000, 1000", "1000.50, 1000.5", "99999999, 99999999",
			"99999999.99, 99999999.99", "1e3, 1000", "1.0e0, 1" })
	void readsAmounts(String text, BigDecimal amount) {
		assertThat(fields("{\"value\":" + text + "}").amount("value")).isEqualByComparingTo(amount);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "0.00", "-1", "0.001", "1000.505", "1000.000000000000000001", "100000000", "1e8",
			"1e99999", "1e-99999", "\"1000\"", "true", "[1000]", "{}" })
	void refusesWhatIsNoAmount(String text) {
		assertRefused(() -> fields("{\"value\":" + text + "}").amount("value"), "value");
		assertRefused(() -> fields("{\"value\":" + text + "}").optionalAmount("value"), "value");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"value\":null}" })
	void anAmountMayBeMissingWhereItIsOptional(String body) {
		assertThat(fields(body).optionalAmount("value")).isEmpty();
		assertRefused(() -> fields(body).amount("value"), "value");
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1", "1000.00, 1000", "1e3, 1000", "99999999, 99999999", "99999999.0, 99999999" })
	void readsWholeAmounts(String text, BigDecimal amount) {
		assertThat(fields("{\"amount\":" + text + "}").wholeAmount("amount")).contains(amount);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "0.5", "99999999.5", "100000000", "1e8", "1e99999", "1e-99999", "\"1000\"", "true",
			"[1000]", "{}" })
	void refusesWhatIsNoWholeAmount(String text) {
		assertRefused(() -> fields("{\"amount\":" + text + "}").wholeAmount("amount"), "amount");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"amount\":null}" })
	void aWholeAmountMayBeMissing(String body) {
		assertThat(fields(body).wholeAmount("amount")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "2.0, 2", "1e1, 10", "10000, 10000" })
	void readsQuantities(String text, int quantity) {
		assertThat(fields("{\"quantity\":" + text + "}").quantity()).isEqualTo(quantity);
	}

	@ParameterizedTest
	@ValueSource(strings = { "null", "0", "-1", "1.5", "10001", "1e5", "1e99999", "\"1\"" })
	void refusesWhatIsNoQuantity(String text) {
		assertRefused(() -> fields("{\"quantity\":" + text + "}").quantity(), "quantity");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0512345678", "0612345678", "0799999999" })
	void readsMobileNumbers(String number) {
		assertThat(fields("{\"MSSIDN\":\"" + number + "\"}").mobileNumber()).isEqualTo(number);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "0412345678", "612345678", "061234567", "06123456789", "+213612345678", " 0612345678" })
	void refusesWhatIsNoMobileNumber(String number) {
		assertRefused(() -> fields("{\"MSSIDN\":\"" + number + "\"}").mobileNumber(), "MSSIDN");
	}

	@Test
	void readsNamesOfTheUpstreamsLists() {
		assertThat(fields("{\"plan_code\":\"PREPAID DJEZZY\"}").name("plan_code")).isEqualTo("PREPAID DJEZZY");
		assertRefused(() -> fields("{\"plan_code\":\"  \"}").name("plan_code"), "plan_code");
		assertRefused(() -> fields("{\"plan_code\":\"a/b\"}").name("plan_code"), "plan_code");
	}

	@Test
	void readsNamesThatCanStandInAPath() {
		assertThat(fields("{\"name\":\"aZ_9-\"}").plainName("name")).isEqualTo("aZ_9-");
		assertRefused(() -> fields("{\"name\":\"a b\"}").plainName("name"), "name");
		assertRefused(() -> fields("{\"name\":\"" + "n".repeat(65) + "\"}").plainName("name"), "name");
	}

	@Test
	void readsTextsOfAHundredCharacters() {
		assertThat(fields("{\"type\":\"" + "x".repeat(100) + "\"}").text("type")).hasSize(100);
		assertRefused(() -> fields("{\"type\":\"" + "x".repeat(101) + "\"}").text("type"), "type");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"type\":null}", "{\"type\":4}", "{\"type\":[\"4G\"]}", "{\"Type\":\"4G\"}" })
	void refusesWhatIsNoText(String body) {
		assertRefused(() -> fields(body).text("type"), "type");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "API-+213665983439-1", "طلب-1", "a b", "ref.with:any;chars?#%&=", "😀" })
	void keepsRefsAsSent(String ref) {
		assertThat(fields("{\"ref\":\"" + ref + "\"}").ref()).contains(ref);
	}

	@Test
	void countsARefsCharactersAndNotItsUnits() {
		assertThat(fields("{\"ref\":\"" + "😀".repeat(100) + "\"}").ref()).isPresent();
		assertRefused(() -> fields("{\"ref\":\"" + "😀".repeat(101) + "\"}").ref(), "ref");
		assertRefused(() -> fields("{\"ref\":\"" + "r".repeat(101) + "\"}").ref(), "ref");
	}

	/** Control, format, line and paragraph separators, private use, half a pair. */
	@ParameterizedTest
	@ValueSource(strings = { "", "a/b", "/", "a\\nb", "a\\u0000", "a\\u007f", "a\\u200b", "a\\u2028", "a\\u2029",
			"a\\ue000", "a\\ud800" })
	void refusesRefsThatCannotStandInAPath(String ref) {
		assertRefused(() -> fields("{\"ref\":\"" + ref + "\"}").ref(), "ref");
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "true", "[]", "{}" })
	void refusesRefsThatAreNoText(String ref) {
		assertRefused(() -> fields("{\"ref\":" + ref + "}").ref(), "ref");
	}

	@Test
	void aRefMayBeMissing() {
		assertThat(fields("{}").ref()).isEmpty();
		assertThat(fields("{\"ref\":null}").ref()).isEmpty();
	}

	private static Fields fields(String body) {
		return new Fields(JSON.readTree(body));
	}

	private static void assertRefused(ThrowingCallable read, String field) {
		assertThatExceptionOfType(Problem.class).isThrownBy(read).satisfies((problem) -> {
			assertThat(problem.code()).isEqualTo("ERR_VALIDATION");
			assertThat(problem.status()).isEqualTo(400);
			assertThat(problem.details()).containsEntry("field", field)
				.containsEntry("moneyMayHaveMoved", false)
				.containsEntry("retrySafe", true);
		});
	}

}
