package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import dz.flexy.gateway.account.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class TopupDecoderTest {

	private static final String FULFILLED = """
			{"_id":"6901616fe9e88196b4eb64b2","ref":"order-123456","status":"FULFILLED","type":"ADSL",
			"number":"036362608","topup_amount":1000,"created_at":"2025-11-01T12:00:00.000Z",
			"card_code":"012345678901","num_trans":"AT-2025-12345","date_traitement":"2025-11-01T12:00:45.000Z"}""";

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final TopupDecoder decoder = new TopupDecoder(new Drift(this.meters));

	@Test
	void readsAFulfilledInternetOrder() {
		Topup topup = topup(FULFILLED).orElseThrow();

		assertThat(topup).isEqualTo(new Topup("6901616fe9e88196b4eb64b2", "order-123456", TopupStatus.FULFILLED, "ADSL",
				"036362608", new BigDecimal("1000"), null,
				Optional.of(new DeliveredCard("012345678901", "AT-2025-12345", Instant.parse("2025-11-01T12:00:45Z"))),
				Optional.empty(), null, null));
		assertThat(topup.toString()).doesNotContain("012345678901");
	}

	@Test
	void readsAMobileOrder() {
		Topup topup = topup("""
				{"_id":"1","ref":"API-+213-r","status":"REFUNDED","plan_code":"PREPAID_DJEZZY","MSSIDN":"0778037340",
				"topup_amount":500,"balance_amount":0,"refund_message":"رقم غير صحيح"}""").orElseThrow();

		assertThat(topup.product()).isEqualTo("PREPAID_DJEZZY");
		assertThat(topup.number()).isEqualTo("0778037340");
		assertThat(topup.refundMessage()).isEqualTo("رقم غير صحيح");
		assertThat(topup.card()).isEmpty();
	}

	@Test
	void idAndStatusAreEnough() {
		assertThat(topup("{\"_id\":\"1\",\"status\":\"HANDLING\"}")).contains(new Topup("1", "", TopupStatus.HANDLING,
				null, null, null, null, Optional.empty(), Optional.empty(), null, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "null", "{\"_id\":\"1\"}", "{\"status\":\"HANDLING\"}",
			"{\"_id\":\"\",\"status\":\"HANDLING\"}", "{\"_id\":\"1\",\"status\":{}}" })
	void anythingLessIsUnreadable(String body) {
		assertThat(topup(body)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "PENDING, PENDING", "HANDLING, HANDLING", "QUEUED, QUEUED", "UNKNOWN_ERROR, UNKNOWN_ERROR",
			"FULFILLED, FULFILLED", "fulfilled, FULFILLED", "PARTIALLY_FILLED, PARTIALLY_FILLED", "REFUNDED, REFUNDED",
			"SUCCESS, FULFILLED", "FAILED, UNKNOWN_ERROR" })
	void readsBothVocabularies(String word, TopupStatus status) {
		assertThat(topup("{\"_id\":\"1\",\"status\":\"" + word + "\"}").orElseThrow().status()).isEqualTo(status);
		assertThat(drifts()).isZero();
	}

	@Test
	void anUnknownStatusIsKeptOpenAndCounted() {
		assertThat(topup("{\"_id\":\"1\",\"status\":\"ON_HOLD\"}").orElseThrow().status()).isEqualTo(TopupStatus.OTHER);
		assertThat(drifts()).isOne();
	}

	@Test
	void aMalformedDateDoesNotCostTheCard() {
		Topup topup = topup(
				"{\"_id\":\"1\",\"status\":\"FULFILLED\",\"card_code\":\"1\",\"date_traitement\":\"today\"}")
			.orElseThrow();

		assertThat(topup.card()).contains(new DeliveredCard("1", null, null));
	}

	@ParameterizedTest
	@CsvSource({ "r1, true", "API-+213665983439-r1, true", "API-user-name-r1, true", "xr1, false", "r1-, false",
			"'', false" })
	void knowsOurRefWithAndWithoutPrefix(String ref, boolean ours) {
		Topup topup = topup("{\"_id\":\"1\",\"status\":\"HANDLING\",\"ref\":\"" + ref + "\"}").orElseThrow();

		assertThat(topup.hasRef("r1")).isEqualTo(ours);
	}

	@ParameterizedTest
	@ValueSource(strings = { "items", "topups" })
	void readsPagesUnderBothNames(String rows) {
		TopupPage page = page("{\"" + rows + "\":[" + FULFILLED + "],\"pagination\":"
				+ "{\"page\":2,\"pageSize\":100,\"totalPages\":3,\"totalResults\":201}}")
			.orElseThrow();

		assertThat(page.rows()).extracting(Topup::ref).containsExactly("order-123456");
		assertThat(page.page()).isEqualTo(2);
		assertThat(page.last()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "1, 1, true", "3, 3, true", "2, 3, false", "1, 0, true" })
	void knowsTheLastPage(int number, int total, boolean last) {
		assertThat(page("{\"items\":[],\"pagination\":{\"page\":" + number + ",\"totalPages\":" + total + "}}")
			.orElseThrow()
			.last()).isEqualTo(last);
	}

	/** Half a page may never pass for a whole one: absence would be read from it. */
	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"items\":[]}", "{\"items\":[],\"pagination\":{\"page\":1}}",
			"{\"items\":{},\"pagination\":{\"totalPages\":1}}" })
	void aPageItCannotReadIsUnreadable(String body) {
		assertThat(page(body)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"status\":\"HANDLING\"}", "null" })
	void aRowItCannotReadIsCounted(String row) {
		assertThat(page("{\"items\":[" + row + "],\"pagination\":{\"totalPages\":1}}").orElseThrow().unreadable())
			.isOne();
		assertThat(this.meters.counter("gateway.upstream.drift", "kind", "shape").count()).isOne();
	}

	private Optional<Topup> topup(String body) {
		return this.decoder.of(Family.INTERNET).apply(JsonMapper.shared().readTree(body));
	}

	private Optional<TopupPage> page(String body) {
		return this.decoder.page(Family.INTERNET, JsonMapper.shared().readTree(body), 1);
	}

	private double drifts() {
		return this.meters.counter("gateway.upstream.drift", "kind", "status").count();
	}

}
