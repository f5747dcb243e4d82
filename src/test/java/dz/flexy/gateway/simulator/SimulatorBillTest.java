package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatorBillTest {

	private static final String GOOD = "0123456789012345678901234";

	private static final String ADE = "{\"partner\":\"ADE\",\"account\":{\"reference\":\"%s\"},\"ref\":\"%s\"}";

	private static final FreshAccounts accounts = new FreshAccounts(40);

	private final SettableClock clock = accounts.clock();

	private final FreshAccounts.Own own = accounts.next();

	private final SimulatorClient client = this.own.client();

	private final SimulatedAccount account = this.own.account();

	@AfterEach
	void calm() {
		accounts.calm();
	}

	@AfterAll
	static void close() {
		accounts.close();
	}

	@Test
	void billIsDiscoveredPaidAndReceipted() throws IOException {
		String id = ready(GOOD, "d-1");
		JsonNode bill = read(id).path("bills").get(0);
		assertThat(bill.path("amount").decimalValue()).isEqualByComparingTo("500.00");

		JsonNode paid = pay(id, "p-1").data();
		assertThat(paid.toString())
			.isEqualTo("{\"transactionId\":\"" + id + "\",\"ref\":\"d-1\",\"status\":\"PROCESSING\"}");
		assertThat(this.client.get("/v3/bills/transactions/" + id + "/receipt").status()).isEqualTo(404);
		this.clock.advance(Duration.ofSeconds(3));
		assertThat(read(id).path("status").asString()).isEqualTo("SUCCESS");
		assertThat(this.account.balance()).isEqualByComparingTo("999470");
		assertThat(this.account.transactions().getLast().type()).isEqualTo("SERVICE");
		assertThat(this.client.get("/v3/bills/transactions/" + id + "/receipt").status()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "0123456789012340000000004,3,FAILED,1000000", "0123456789012340000000005,3,REFUNDED,1000000",
			"0123456789012345678901234,3,SUCCESS,999470" })
	void accountChoosesTheOutcome(String account, int seconds, String status, String balance) throws IOException {
		String id = ready(account, "d-1");
		pay(id, "p-1");
		this.clock.advance(Duration.ofSeconds(seconds));

		assertThat(read(id).path("status").asString()).isEqualTo(status);
		assertThat(this.account.balance()).isEqualByComparingTo(balance);
	}

	@Test
	void unknownPaymentIsRefundedLater() throws IOException {
		String id = discover("{\"partner\":\"SONELGAZ\",\"account\":{\"sonelgaz\":{\"invoice_number\":\"6006006006\","
				+ "\"amount_without_stamp\":500,\"ebb_key\":\"k\"}},\"ref\":\"d-1\"}")
			.data()
			.path("transactionId")
			.asString();
		this.clock.advance(Duration.ofSeconds(2));
		pay(id, "p-1");

		this.clock.advance(Duration.ofSeconds(62));
		assertThat(read(id).path("status").asString()).isEqualTo("UNKNOWN");
		assertThat(this.account.balance()).isEqualByComparingTo("999470");
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(read(id).path("status").asString()).isEqualTo("REFUNDED");
		assertThat(this.account.balance()).isEqualByComparingTo("1000000");
	}

	@Test
	void nothingMayBeDue() throws IOException {
		assertThat(read(ready("0123456789012340000000002", "d-1")).path("bills")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '`', value = {
			"{\"partner\":\"NONE\",\"account\":{\"reference\":\"x\"},\"ref\":\"r\"};400;ERR_VALIDATION",
			"{\"partner\":\"ADE\",\"account\":{},\"ref\":\"r\"};400;ERR_VALIDATION",
			"{\"partner\":\"ADE\",\"account\":{\"reference\":\"x\",\"phoneNumber\":\"y\"},\"ref\":\"r\"};400;ERR_VALIDATION",
			"{\"partner\":\"ADE\",\"account\":{\"phoneNumber\":\"021123456\"},\"ref\":\"r\"};400;ERR_VALIDATION",
			"{\"partner\":\"ADE\",\"account\":{\"reference\":\"x\"},\"ref\":\"r\"};400;INVALID_ACCOUNT",
			"{\"partner\":\"ADE\",\"account\":{\"reference\":\"0123456789012345678901234\"}};400;ERR_VALIDATION",
			"{\"partner\":\"ADE\",\"account\":{\"reference\":\"0123456789012345005005005\"},\"ref\":\"r\"};503;PARTNER_UNAVAILABLE" })
	void badDiscoveryIsRefused(String body, int status, String code) throws IOException {
		SimulatorClient.Response refused = discover(body);

		assertThat(refused.status()).isEqualTo(status);
		assertThat(refused.code()).isEqualTo(code);
		assertThat(this.account.bills()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = {
			"{\"partner\":\"Algérie Télécom\",\"account\":{\"phoneNumber\":\"021123456\"},\"ref\":\"r\"}",
			"{\"partner\":\"SONELGAZ\",\"account\":{\"contractNumber\":\"1234567890\"},\"ref\":\"r\"}",
			"{\"partner\":\"SEAAL\",\"account\":{\"seaal\":{\"code_client\":\"AB12\",\"code_contrat\":\"123456\"}},\"ref\":\"r\"}",
			"{\"partner\":\"AADL\",\"account\":{\"aadl\":{\"codeloc\":\"123456\"}},\"ref\":\"r\"}",
			"{\"partner\":\"ADE\",\"account\":{\"electronic_payment_key\":\"0123456789012345678901234\"},\"ref\":\"r\"}" })
	void eachPartnerHasItsIdentifier(String body) throws IOException {
		assertThat(discover(body).data().path("status").asString()).isEqualTo("PENDING");
	}

	@Test
	void refIsTakenWhileItsTransactionLives() throws IOException {
		String id = ready("0123456789012340000000004", "r-1");
		assertThat(discover(ADE.formatted(GOOD, "r-1")).code()).isEqualTo("DUPLICATED_REF");
		assertThat(pay(id, "r-1").code()).isEqualTo("DUPLICATED_REF");

		pay(id, "r-2");
		assertThat(discover(ADE.formatted(GOOD, "r-2")).code()).isEqualTo("DUPLICATED_REF");
		this.clock.advance(Duration.ofSeconds(3));
		assertThat(discover(ADE.formatted(GOOD, "r-1")).status()).isEqualTo(200);
		assertThat(discover(ADE.formatted(GOOD, "r-2")).status()).isEqualTo(200);
	}

	@Test
	void paymentsCollide() throws IOException {
		String paid = ready(GOOD, "d-1");
		String other = ready(GOOD, "d-2");
		pay(paid, "p-1");

		assertThat(pay(other, "p-2").code()).isEqualTo("PAYMENT_IN_PROGRESS");
		assertThat(pay(paid, "p-3").code()).isEqualTo("PAYMENT_IN_PROGRESS");
		this.clock.advance(Duration.ofSeconds(3));
		SimulatorClient.Response again = pay(paid, "p-4");
		assertThat(again.status()).isEqualTo(409);
		assertThat(again.code()).isEqualTo("BILL_ALREADY_PAID");
		assertThat(pay(ready("0123456789012347777777777", "d-3"), "p-5").code()).isEqualTo("BILL_ALREADY_PAID");
		assertThat(this.account.transactions()).hasSize(2);
	}

	@Test
	void badPaymentIsRefused() throws IOException {
		String id = discover(ADE.formatted(GOOD, "d-1")).data().path("transactionId").asString();
		assertThat(pay(id, "p-1").code()).isEqualTo("ERR_VALIDATION");
		this.clock.advance(Duration.ofSeconds(2));
		assertThat(this.client
			.post("/v3/bills/pay", "{\"transactionId\":\"" + id + "\",\"billId\":\"none\",\"ref\":\"p-1\"}")
			.code()).isEqualTo("ERR_VALIDATION");
		assertThat(this.client.post("/v3/bills/pay", "{\"transactionId\":\"none\",\"billId\":\"none\",\"ref\":\"p-1\"}")
			.code()).isEqualTo("NOT_FOUND");
		this.account.setBalance(BigDecimal.TEN);
		assertThat(pay(id, "p-1").code()).isEqualTo("INSUFFICIENT_BALANCE");
		assertThat(read(id).path("status").asString()).isEqualTo("READY");
	}

	@Test
	void severalBillsArePaidTogether() throws IOException {
		String id = ready(GOOD, "d-1");
		String bills = "[\"bill_" + id + "_0\",\"bill_" + id + "_1\"]";

		this.client.post("/v3/bills/pay",
				"{\"transactionId\":\"" + id + "\",\"billIds\":" + bills + ",\"ref\":\"p-1\"}");

		assertThat(read(id).path("total").decimalValue()).isEqualByComparingTo("1410");
	}

	@Test
	void listIsABareArrayWithCountsInMeta() throws IOException {
		for (String ref : List.of("d-1", "d-2", "d-3")) {
			ready(GOOD, ref);
		}

		JsonNode page = this.client.get("/v3/bills/transactions?limit=1&offset=1&status=READY&partner=ADE&ref=d-9")
			.json();
		assertThat(page.path("data")).hasSize(1);
		assertThat(page.path("data").get(0).path("ref").asString()).isEqualTo("d-2");
		assertThat(page.path("meta").path("total").intValue()).isEqualTo(3);
		assertThat(this.client.get("/v3/bills/transactions?status=SUCCESS").data()).isEmpty();
		assertThat(this.client.get("/v3/bills/transactions?from=" + this.clock.instant().minusSeconds(2)).data())
			.hasSize(1);
		assertThat(this.client.get("/v3/bills/transactions?limit=101").code()).isEqualTo("ERR_VALIDATION");
		assertThat(this.client.get("/v3/bills/transactions?offset=-1").code()).isEqualTo("ERR_VALIDATION");
	}

	@Test
	void transactionIsFoundByItsDiscoveryOnly() throws IOException {
		pay(ready(GOOD, "d-1"), "p-1");

		assertThat(byRef("d-1", "ADE").status()).isEqualTo(200);
		assertThat(byRef("p-1", "ADE").code()).isEqualTo("NOT_FOUND");
		assertThat(byRef("d-1", "SEAAL").code()).isEqualTo("NOT_FOUND");
		assertThat(this.client.get("/v3/bills/transactions/by-ref?ref=d-1").code()).isEqualTo("ERR_VALIDATION");
	}

	@Test
	void billerMayBeUnavailable() throws IOException {
		this.account.setBiller("ADE", false);

		JsonNode partners = this.client.get("/v3/bills/partners").data();
		assertThat(partners.propertyNames()).containsExactly("ADE", "SONELGAZ", "SEAAL", "AADL", "Algérie Télécom");
		assertThat(partners.path("ADE").path("status").asString()).isEqualTo("UNAVAILABLE");
		assertThat(discover(ADE.formatted(GOOD, "d-1")).code()).isEqualTo("PARTNER_UNAVAILABLE");
	}

	@Test
	void longBodyIsTooLarge() throws IOException {
		SimulatorClient.Response refused = discover(ADE.formatted(GOOD, "x".repeat(1024 * 1024)));

		assertThat(refused.status()).isEqualTo(413);
		assertThat(refused.code()).isEqualTo("PAYLOAD_TOO_LARGE");
	}

	@Test
	@Timeout(20)
	void receiptIsAFileOfAnyLength() throws Exception {
		String id = paid();
		this.account.setReceipt("image/png", 3_000_001);

		HttpResponse<byte[]> file = download("/v3/bills/transactions/" + id + "/receipt");

		assertThat(file.headers().firstValue("Content-Type")).contains("image/png");
		assertThat(file.headers().firstValue("Content-Length")).contains("3000001");
		assertThat(file.headers().firstValue("Content-Disposition").orElse("")).endsWith(".png\"");
		assertThat(file.headers().firstValue("X-RateLimit-Limit")).contains("120");
		assertThat(file.body()).hasSize(3_000_001);
		assertThat(file.body()[2_999_999]).isEqualTo(Body.Filler.at(2_999_999));
		this.account.withholdReceipts();
		assertThat(download("/v3/bills/transactions/" + id + "/receipt").statusCode()).isEqualTo(404);
	}

	@Test
	@Timeout(20)
	void noticeIsForOnePartnerOnly() throws Exception {
		String id = discover("{\"partner\":\"AADL\",\"account\":{\"aadl\":{\"codeloc\":\"123456\"}},\"ref\":\"d-1\"}")
			.data()
			.path("transactionId")
			.asString();
		this.clock.advance(Duration.ofSeconds(2));

		assertThat(download("/v3/bills/transactions/" + id + "/avis").statusCode()).isEqualTo(200);
		assertThat(download("/v3/bills/transactions/" + paid() + "/avis").statusCode()).isEqualTo(404);
	}

	private String paid() throws IOException {
		String id = ready(GOOD, "d-9");
		pay(id, "p-9");
		this.clock.advance(Duration.ofSeconds(3));
		return id;
	}

	private String ready(String reference, String ref) throws IOException {
		String id = discover(ADE.formatted(reference, ref)).data().path("transactionId").asString();
		this.clock.advance(Duration.ofSeconds(2));
		return id;
	}

	private SimulatorClient.Response discover(String body) throws IOException {
		return this.client.post("/v3/bills/discover", body);
	}

	private SimulatorClient.Response pay(String id, String ref) throws IOException {
		return this.client.post("/v3/bills/pay",
				"{\"transactionId\":\"%1$s\",\"billId\":\"bill_%1$s_0\",\"ref\":\"%2$s\"}".formatted(id, ref));
	}

	private SimulatorClient.Response byRef(String ref, String partner) throws IOException {
		return this.client.get("/v3/bills/transactions/by-ref?ref=" + ref + "&partner=" + partner);
	}

	private JsonNode read(String id) throws IOException {
		return this.client.get("/v3/bills/transactions/" + id).data();
	}

	private HttpResponse<byte[]> download(String path) throws IOException, InterruptedException {
		URI address = accounts.simulator().baseUrl().resolve(path);
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(address).header("X-Access-Token", this.own.key()).build(),
					HttpResponse.BodyHandlers.ofByteArray());
	}

}
