package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class CatalogDecoderTest {

	private static final String PLANS = """
			{"dynamicPlans":[
			{"code":"PREPAID_DJEZZY","name":"Prepaid","operator":"Djezzy","cost":0.9925,"isEnabled":true,
			"min_amount":100,"max_amount":10000},
			{"code":"GROS_MOBILIS","name":"Gros","operator":"GMobilis","isEnabled":true,"min_amount":5000,
			"max_amount":300000}],
			"fixedPlans":[{"code":"PIXX_500","name":"Pixx 500","operator":"Djezzy","cost":0.98,"isEnabled":false,
			"amount":500}],"note":"kept"}""";

	private static final String CATALOG = """
			{"categories":[
			{"name":"Gaming","products":[{"id":"psn","title":"PlayStation","enabled":true,"region":"FR"},
			{"id":"xbox","title":"Xbox","enabled":false}]},
			{"name":"Music","products":[{"id":"spotify","title":"Spotify","enabled":true}]}]}""";

	private static final String PRODUCT = """
			{"productId":"psn","productTitle":"PlayStation","types":[
			{"id":"psn-10","name":"10 EUR","price":2150.5,"quantity":12},
			{"id":"psn-20","name":"20 EUR","price":4300,"quantity":0}]}""";

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final CatalogDecoder decoder = new CatalogDecoder(new Drift(this.meters));

	@Test
	void readsBothKindsOfPlans() {
		Plans plans = this.decoder.plans(json(PLANS)).orElseThrow();

		assertThat(plans.rows()).containsExactly(
				new Plan("PREPAID_DJEZZY", false, true, dzd("0.9925"), null, dzd("100"), dzd("10000")),
				new Plan("GROS_MOBILIS", false, true, null, null, dzd("5000"), dzd("300000")),
				new Plan("PIXX_500", true, false, dzd("0.98"), dzd("500"), null, null));
		assertThat(plans.complete()).isTrue();
		assertThat(plans.data()).isEqualTo(json(PLANS));
		assertThat(drifts()).isZero();
	}

	@Test
	void aPlanNeedsNoMoreThanItsCode() {
		assertThat(plan("{\"code\":\"A\"}")).isEqualTo(new Plan("A", false, true, null, null, null, null));
		assertThat(plan("{\"code\":\"A\",\"isEnabled\":null,\"cost\":null}").enabled()).isTrue();
		assertThat(drifts()).isZero();
	}

	@Test
	void readsAmountsWithDecimals() {
		assertThat(plan("{\"code\":\"A\",\"min_amount\":40.50,\"max_amount\":1e3}")).satisfies((plan) -> {
			assertThat(plan.least()).isEqualByComparingTo("40.5");
			assertThat(plan.most()).isEqualByComparingTo("1000");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "1", "null", "{\"code\":\"\"}", "{\"code\":{}}",
			"{\"code\":\"A\",\"min_amount\":\"40\"}", "{\"code\":\"A\",\"cost\":true}" })
	void leavesOutAPlanThatItCannotRead(String row) {
		Plans plans = this.decoder.plans(json("{\"dynamicPlans\":[" + row + ",{\"code\":\"B\"}],\"fixedPlans\":[]}"))
			.orElseThrow();

		assertThat(plans.rows()).extracting(Plan::code).containsExactly("B");
		assertThat(plans.complete()).isFalse();
		assertThat(drifts()).isOne();
	}

	@Test
	void oneListOfTwoIsNotAllPlans() {
		Plans plans = this.decoder.plans(json("{\"fixedPlans\":[{\"code\":\"A\"}]}")).orElseThrow();

		assertThat(plans.rows()).singleElement().matches(Plan::fixed);
		assertThat(plans.complete()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "null", "{\"dynamicPlans\":{},\"fixedPlans\":1}" })
	void withoutEitherListThereAreNoPlans(String data) {
		assertThat(this.decoder.plans(json(data))).isEmpty();
	}

	@Test
	void countsTheCatalogue() {
		GiftCatalog catalog = this.decoder.giftCatalog(json(CATALOG)).orElseThrow();

		assertThat(catalog).isEqualTo(new GiftCatalog(2, 3, json(CATALOG)));
		assertThat(drifts()).isZero();
	}

	@Test
	void aCategoryWithoutProductsDoesNotCostTheOthers() {
		GiftCatalog catalog = this.decoder
			.giftCatalog(json("{\"categories\":[{\"name\":\"A\"},{\"name\":\"B\",\"products\":[{}]}]}"))
			.orElseThrow();

		assertThat(catalog.totalCategories()).isEqualTo(2);
		assertThat(catalog.totalProducts()).isEqualTo(1);
		assertThat(drifts()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "null", "{\"categories\":{}}", "{\"types\":{}}" })
	void withoutRowsThereIsNeitherCatalogueNorProduct(String data) {
		assertThat(this.decoder.giftCatalog(json(data))).isEmpty();
		assertThat(this.decoder.giftProduct(json(data))).isEmpty();
	}

	@Test
	void readsPricesAndStock() {
		GiftProduct product = this.decoder.giftProduct(json(PRODUCT)).orElseThrow();

		assertThat(product)
			.isEqualTo(new GiftProduct(List.of(new GiftType("psn-10", dzd("2150.5"), BigDecimal.valueOf(12)),
					new GiftType("psn-20", dzd("4300"), BigDecimal.ZERO)), true, json(PRODUCT)));
	}

	@Test
	void leavesOutATypeThatItCannotRead() {
		GiftProduct product = this.decoder
			.giftProduct(json("{\"types\":[{\"id\":1},{\"id\":\"a\",\"price\":\"5\"},{\"name\":\"b\"}]}"))
			.orElseThrow();

		assertThat(product.types()).containsExactly(new GiftType("1", null, null));
		assertThat(product.complete()).isFalse();
		assertThat(drifts()).isEqualTo(2);
	}

	private Plan plan(String row) {
		return this.decoder.plans(json("{\"dynamicPlans\":[" + row + "]}")).orElseThrow().rows().getFirst();
	}

	private double drifts() {
		return this.meters.find("gateway.upstream.drift").counters().stream().mapToDouble((one) -> one.count()).sum();
	}

	private static BigDecimal dzd(String amount) {
		return new BigDecimal(amount);
	}

	private static JsonNode json(String text) {
		return JsonMapper.builder()
			.enable(tools.jackson.databind.DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
			.build()
			.readTree(text);
	}

}
