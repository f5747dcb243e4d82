package dz.flexy.gateway;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dz.flexy.gateway.simulator.SimulatedOrder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The code that the upstream publishes for its clients, run as it stands, with the
 * gateway's address in place of the upstream's.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SeedClientTest {

	private static final String ORDER_ID = "[0-9a-f]{24}";

	@TempDir
	private Path directory;

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start();
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@ParameterizedTest
	@EnumSource
	void validatesAndSends(GuideLanguage language) {
		String ref = "validated-" + language;

		JsonNode order = call(language, "validateAndSend", order("036362680", 1000, ref)).path("returned");

		assertThat(order.path("topupId").asString()).matches(ORDER_ID);
		assertThat(order.path("topupRef").asString()).isEqualTo(ref);
		assertThat(order.path("cost").decimalValue()).isEqualByComparingTo(new BigDecimal(980));
		assertThat(bought(order.path("topupId"))).singleElement().extracting(SimulatedOrder::sends).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void refusesABadNumberBeforeTheSend(GuideLanguage language) {
		JsonNode answer = call(language, "validateAndSend", order("036362697", 1000, "bad-" + language));

		assertThat(answer.path("thrown").asString()).startsWith("Invalid phone number: ERR_PHONE");
	}

	@ParameterizedTest
	@EnumSource
	void findsNoProductOfAnUnknownValue(GuideLanguage language) {
		JsonNode answer = call(language, "validateAndSend", order("036362680", 1234, "value-" + language));

		assertThat(answer.path("thrown").asString()).isEqualTo("Product 1234 DA not available for ADSL");
	}

	@ParameterizedTest
	@EnumSource
	void readsTheBalanceAsANumber(GuideLanguage language) {
		JsonNode balance = call(language, "getBalance", Map.of()).path("returned");

		assertThat(balance.isNumber()).isTrue();
		assertThat(balance.decimalValue()).isPositive();
	}

	@ParameterizedTest
	@EnumSource
	void sendsSafely(GuideLanguage language) {
		JsonNode answer = call(language, "sendTopupSafely", order("036362681", 500, "safe-" + language))
			.path("returned");

		assertThat(answer.path("success").asBoolean()).isTrue();
		assertThat(answer.path("data").path("topupId").asString()).matches(ORDER_ID);
	}

	@ParameterizedTest
	@MethodSource("refusals")
	void tellsRefusalsApart(GuideLanguage language, String number, String classified) {
		JsonNode answer = call(language, "sendTopupSafely", order(number, 2000, classified + language));

		assertThat(answer.path("returned").path("success").asBoolean(true)).isFalse();
		assertThat(answer.path("returned").path("error").asString()).isEqualTo(classified);
	}

	static Stream<Arguments> refusals() {
		return Stream.of(GuideLanguage.values())
			.flatMap((language) -> Stream.of(Arguments.of(language, "036362697", "INVALID_PHONE"),
					Arguments.of(language, "036362698", "OUT_OF_STOCK"),
					Arguments.of(language, "036362699", "LOW_BALANCE")));
	}

	@ParameterizedTest
	@EnumSource
	void tellsThatARefWasUsed(GuideLanguage language) {
		Map<String, Object> order = order("036362682", 1000, "twice-" + language);
		JsonNode first = call(language, "sendInternetTopup", order).path("returned");

		JsonNode second = call(language, "sendTopupSafely", order).path("returned");

		assertThat(first.path("topupId").asString()).matches(ORDER_ID);
		assertThat(second.path("error").asString()).isEqualTo("DUPLICATE_REF");
		assertThat(bought(first.path("topupId"))).singleElement().extracting(SimulatedOrder::sends).isEqualTo(1);
	}

	@Test
	void sendsByTheGuidesCommandLine() {
		Assumptions.assumeTrue(tool("curl", "--version").succeeded(), "curl is not installed");
		Assumptions.assumeTrue(tool("bash", "--version").succeeded(), "bash is not installed");
		String command = GuideCode.ofSending()
			.code("bash", "/v3/internet/send")
			.replace("YOUR_API_KEY", GatewayUnderTest.KEY);

		JsonNode answer = json(tool("bash", "-c", GuideCode.pointedAt(command, this.gateway.uri())));

		assertThat(answer.path("success").asBoolean()).isTrue();
		assertThat(answer.path("data").path("topupId").asString()).matches(ORDER_ID);
		assertThat(answer.path("data").path("topupRef").asString()).isEqualTo("order-123456");
	}

	@Test
	void readsTheEnvelopeAsItsPageDoes() {
		GuideLanguage.JAVASCRIPT.assumeInstalled(this.directory);
		String code = GuideCode.ofResponses()
			.code("javascript", "await fetch(url, options)", "Request ${data.requestId}", "new Date(data.meta");
		String request = "const url = '%s/v3/account/balance', options = { headers: { 'X-Access-Token': '%s' } };\n"
			.formatted(this.gateway.uri(), GatewayUnderTest.KEY);

		Tool.Result result = tool("node", Tool.write(this.directory, "envelope.mjs", request + code).toString());

		assertThat(result.errors()).isEmpty();
		assertThat(result.output()).containsPattern("balance: [0-9]").containsPattern("Request req_\\w+: Success");
		assertThat(result.lastLine()).startsWith("Response generated at: ").doesNotContain("Invalid Date");
	}

	/**
	 * The page leaves the key out of its requests; its pages are made short to be many.
	 */
	@ParameterizedTest
	@CsvSource({ "internet,036362680,ADSL", "mobile,0660000080,PREPAID_MOBILIS" })
	void readsListsPageByPageAsItsPageDoes(String family, String number, String product) {
		GuideLanguage.JAVASCRIPT.assumeInstalled(this.directory);
		Map<String, Object> order = family.equals("mobile")
				? Map.of("plan_code", product, "MSSIDN", number, "amount", 100, "ref", "listed")
				: order(number, 500, "listed");
		String id = this.gateway.post("/v3/" + family + "/send", order).block(GatewayUnderTest.patience()).topupId();
		String opening = """
				const url = '%s/v3/%s/list', direct = globalThis.fetch;
				globalThis.fetch = (page) => direct(page, { headers: { 'X-Access-Token': '%s' } });
				""".formatted(this.gateway.uri(), family, GatewayUnderTest.KEY);
		String code = GuideCode.ofResponses().code("javascript", "while (true)").replace("pageSize=100", "pageSize=1");

		JsonNode items = json(tool("node",
				Tool.write(this.directory, "pages.mjs", opening + code + "\nconsole.log(JSON.stringify(allItems));")
					.toString()));

		assertThat(items.findValuesAsString("_id")).contains(id).doesNotHaveDuplicates();
		assertThat(items.size()).isEqualTo(this.gateway.get("/v3/" + family + "/list")
			.block(GatewayUnderTest.patience())
			.data()
			.at("/pagination/totalResults")
			.asInt());
	}

	private JsonNode call(GuideLanguage language, String function, Map<String, Object> argument) {
		language.assumeInstalled(this.directory);
		return language.call(this.directory, this.gateway.uri(), function, argument);
	}

	private Tool.Result tool(String... command) {
		return Tool.run(this.directory, Map.of(), command);
	}

	private static JsonNode json(Tool.Result result) {
		return new JsonMapper().readTree(result.lastLine());
	}

	private static Map<String, Object> order(String number, int value, String ref) {
		return Map.of("type", "ADSL", "number", number, "value", value, "ref", ref);
	}

	private List<SimulatedOrder> bought(JsonNode orderId) {
		String ref = this.gateway.end(orderId.asString())
			.block(GatewayUnderTest.patience())
			.path("upstreamRef")
			.asString();
		return this.gateway.upstream()
			.account("sim-key-1")
			.orders()
			.stream()
			.filter((order) -> order.ref().equals(ref))
			.toList();
	}

}
