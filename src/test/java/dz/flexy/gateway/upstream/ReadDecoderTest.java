package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ReadDecoderTest {

	private static final String ROWS = """
			[{"value":500,"cost":490,"available":true},{"value":5000,"cost":4900,"available":false}]""";

	private static final List<Product> PRODUCTS = List.of(
			new Product(new BigDecimal("500"), new BigDecimal("490"), true),
			new Product(new BigDecimal("5000"), new BigDecimal("4900"), false));

	@ParameterizedTest
	@ValueSource(strings = { "{\"products\":" + ROWS + ",\"type\":\"ADSL\"}", "{\"products\":" + ROWS + "}", ROWS })
	void readsEachShapeOfTheProductList(String data) {
		assertThat(ReadDecoder.products(json(data))).contains(PRODUCTS);
	}

	@Test
	void keepsTheFirstOfEqualValues() {
		assertThat(ReadDecoder.products(json("""
				[{"value":500,"cost":490},{"value":500.00,"cost":450,"available":false}]""")))
			.contains(List.of(new Product(new BigDecimal("500"), new BigDecimal("490"), true)));
	}

	@Test
	void anEmptyListIsAList() {
		assertThat(ReadDecoder.products(json("{\"products\":[]}"))).contains(List.of());
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "null", "\"no\"", "{\"products\":{}}", "[{\"value\":500}]", "[{\"cost\":490}]",
			"[{\"value\":\"500\",\"cost\":490}]", "[1]" })
	void aListItCannotReadInFullIsUnreadable(String data) {
		assertThat(ReadDecoder.products(json(data))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "1326.13, 1326.13", "0, 0", "-5.5, -5.5", "999999999.99, 999999999.99" })
	void readsABalanceToTheCentime(String text, BigDecimal balance) {
		assertThat(ReadDecoder.balance(json("{\"balance\":" + text + ",\"currency\":\"DZD\"}"))).contains(balance);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"balance\":null}", "{\"balance\":\"12\"}", "[]" })
	void aBalanceThatIsNoNumberIsUnreadable(String data) {
		assertThat(ReadDecoder.balance(json(data))).isEmpty();
	}

	@Test
	void readsWhatTheOperatorKnowsOfANumber() {
		assertThat(ReadDecoder.number(json("{\"ncli\":\"11022*****\",\"offre\":\"FTTc-b_10M'\",\"type\":\"ADSL\"}")))
			.contains(new NumberCheck("11022*****", "FTTc-b_10M'", "ADSL"));
		assertThat(ReadDecoder.number(json("{\"type\":\"4GLTE\"}"))).contains(new NumberCheck(null, null, "4GLTE"));
		assertThat(ReadDecoder.number(json("[]"))).isEmpty();
	}

	@Test
	void readsWhoAKeyBelongsToWithoutTheKey() {
		Optional<Identity> identity = ReadDecoder.identity(json("""
				{"username":"+213665983439","apiKey":{"key":"secret","isEnabled":false,"type":"SANDBOX",
				"allowedips":[],"scope":"READ-ONLY"}}"""));

		assertThat(identity).contains(new Identity("+213665983439", "SANDBOX", false, "READ-ONLY"));
		assertThat(identity.toString()).doesNotContain("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"username\":\"u\"}", "{\"apiKey\":{}}", "{\"account\":{},\"key\":{}}" })
	void anIdentityWithoutNameOrKeyIsUnreadable(String data) {
		assertThat(ReadDecoder.identity(json(data))).isEmpty();
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

}
