package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What of a body is bought, and for how much at most. */
class SendBodyTest {

	private static final JsonMapper JSON = new JsonMapper();

	@Test
	void internetIsReadAsSent() {
		SendBody.Internet body = SendBody.Internet.read(body("""
				{"type":"ADSL","number":"036362608","value":1000,"ref":"r1","max_cost":990}"""));

		assertThat(body).isEqualTo(new SendBody.Internet("ADSL", "036362608", new BigDecimal("1000"), Optional.of("r1"),
				Optional.of(new BigDecimal("990"))));
		assertThat(body.family()).isEqualTo(Family.INTERNET);
	}

	@Test
	void anUnknownTypeIsToldBeforeAMissingNumber() {
		assertThatExceptionOfType(Problem.class).isThrownBy(() -> SendBody.Internet.read(body("{\"type\":\"FAX\"}")))
			.satisfies((problem) -> assertThat(problem.details()).containsEntry("field", "type"));
	}

	@Test
	void aNumberOfAnotherTypeIsToldBehindAMissingValue() {
		assertThatExceptionOfType(Problem.class)
			.isThrownBy(() -> SendBody.Internet.read(body("{\"type\":\"4G\",\"number\":\"036362608\",\"value\":1}")))
			.satisfies((problem) -> assertThat(problem.code()).isEqualTo("ERR_PHONE"));
		assertThatExceptionOfType(Problem.class)
			.isThrownBy(() -> SendBody.Internet.read(body("{\"type\":\"4G\",\"number\":\"036362608\"}")))
			.satisfies((problem) -> assertThat(problem.details()).containsEntry("field", "value"));
	}

	@Test
	void mobileIsReadAsSent() {
		SendBody.Mobile body = SendBody.Mobile.read(body("""
				{"plan_code":"PREPAID_DJEZZY","MSSIDN":"0778037340","amount":500,"ref":"r1","max_cost":490}"""));

		assertThat(body).isEqualTo(new SendBody.Mobile("PREPAID_DJEZZY", "0778037340",
				Optional.of(new BigDecimal("500")), Optional.of("r1"), Optional.of(new BigDecimal("490"))));
		assertThat(body.family()).isEqualTo(Family.MOBILE);
	}

	@Test
	void giftCardsAreReadAsSent() {
		SendBody.GiftCards body = SendBody.GiftCards.read(body("""
				{"productId":"psn","typeId":"gold","quantity":3,"ref":"r1","max_cost":4600}"""));

		assertThat(body).isEqualTo(
				new SendBody.GiftCards("psn", "gold", 3, Optional.of("r1"), Optional.of(new BigDecimal("4600"))));
		assertThat(body.family()).isEqualTo(Family.GIFT_CARD);
	}

	private static JsonNode body(String json) {
		return JSON.readTree(json);
	}

}
