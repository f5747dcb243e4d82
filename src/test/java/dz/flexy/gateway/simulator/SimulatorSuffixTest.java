package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SimulatorSuffixTest {

	private final SettableClock clock = new SettableClock();

	private final UpstreamSimulator simulator = UpstreamSimulator.builder().clock(this.clock).start();

	private final SimulatorClient client = new SimulatorClient(this.simulator);

	@AfterEach
	void close() {
		this.simulator.close();
	}

	@ParameterizedTest
	@CsvSource({ "78,0,HANDLING", "78,3000,FULFILLED", "78,59999,FULFILLED", "78,60000,REFUNDED", "80,0,FULFILLED",
			"81,999,HANDLING", "81,1000,FULFILLED", "82,4999,HANDLING", "82,5000,FULFILLED", "83,2999,HANDLING",
			"83,3000,REFUNDED", "84,3000,QUEUED", "84,43202999,QUEUED", "84,43203000,FULFILLED", "85,43202999,QUEUED",
			"85,43203000,REFUNDED", "86,999,HANDLING", "86,1000,PROCESSING", "86,10000,FULFILLED",
			"89,999999999,HANDLING", "00,2999,HANDLING", "00,3000,FULFILLED", "77,44999,HANDLING",
			"77,45000,FULFILLED" })
	void statusFollowsTheTable(String suffix, long millis, String status) throws IOException {
		this.client.send("0363626" + suffix, "order-1");
		this.clock.advance(Duration.ofMillis(millis));

		assertThat(this.client.status("order-1")).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "84,2999,HANDLING", "84,3000,UNKNOWN_ERROR", "84,43203000,FULFILLED", "89,0,HANDLING" })
	void mobileHasWordsOfItsOwn(String suffix, long millis, String status) throws IOException {
		this.client.sendMobile("07780373" + suffix, "order-1");
		this.clock.advance(Duration.ofMillis(millis));

		assertThat(this.simulator.account(SimulatorClient.KEY).orders()).singleElement()
			.returns(status, SimulatedOrder::status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "036362608", "0661234567", "213665983439", "213472731602", "213778037340" })
	void documentedNumbersAreOrdinary(String number) {
		assertThat(SuffixOutcome.of(number)).isEqualTo(SuffixOutcome.ORDINARY);
	}

	@Test
	void speedDividesTheDelays() throws IOException {
		try (UpstreamSimulator fast = UpstreamSimulator.builder()
			.clock(this.clock)
			.speed(10)
			.postponed(Duration.ofSeconds(20))
			.start()) {
			SimulatorClient quick = new SimulatorClient(fast);
			quick.send("036362682", "order-1");
			quick.send("036362684", "order-2");

			this.clock.advance(Duration.ofMillis(500));
			assertThat(quick.status("order-1")).isEqualTo("FULFILLED");
			assertThat(quick.status("order-2")).isEqualTo("QUEUED");
			this.clock.advance(Duration.ofMillis(1800));
			assertThat(quick.status("order-2")).isEqualTo("FULFILLED");
		}
	}

	@Test
	void cardCodeComesWithTheThirdRead() throws IOException {
		this.client.send("036362687", "order-1");
		this.clock.advance(Duration.ofSeconds(1));

		assertThat(order("order-1").has("card_code")).isFalse();
		assertThat(order("order-1").has("card_code")).isFalse();
		assertThat(order("order-1").has("card_code")).isTrue();
	}

	@Test
	void cardCodeNeverComes() throws IOException {
		this.client.send("036362688", "order-1");
		this.clock.advance(Duration.ofDays(1));

		for (int read = 0; read < 5; read++) {
			assertThat(order("order-1").has("card_code")).isFalse();
			assertThat(order("order-1").has("num_trans")).isTrue();
		}
	}

	@Test
	void cardCodesAreUniqueAndStay() throws IOException {
		Set<String> codes = new HashSet<>();
		for (int number = 0; number < 30; number++) {
			this.client.send("036362680", "order-" + number);
			codes.add(order("order-" + number).path("card_code").asString());
			codes.add(order("order-" + number).path("card_code").asString());
		}

		assertThat(codes).hasSize(30);
	}

	@ParameterizedTest
	@ValueSource(strings = { "79", "90" })
	void answerIsLostAfterAcceptance(String suffix) {
		assertThatThrownBy(() -> this.client.send("0363626" + suffix, "order-1")).isInstanceOf(IOException.class);

		assertThat(orders()).singleElement().returns("order-1", SimulatedOrder::ref);
	}

	@Test
	void lateArrivalShowsUpAfterHalfAMinute() throws IOException {
		assertThatThrownBy(() -> this.client.send("036362679", "order-1")).isInstanceOf(IOException.class);

		this.clock.advance(Duration.ofSeconds(30).minusMillis(1));
		assertThat(this.client.get("/v3/internet/check-ref/order-1").status()).isEqualTo(404);
		assertThat(this.client.get("/v3/internet/check-id/" + orders().getFirst().id()).status()).isEqualTo(404);
		assertThat(this.client.get("/v3/internet/list").data().path("topups").isEmpty()).isTrue();
		assertThat(this.client.send("036362679", "order-1").code()).isEqualTo("DUPLICATED_REF");
		this.clock.advance(Duration.ofMillis(1));
		assertThat(this.client.status("order-1")).isEqualTo("FULFILLED");
	}

	@Test
	void firstSendIsCutAndTheSecondAccepted() throws IOException {
		assertThatThrownBy(() -> this.client.send("036362691", "order-1")).isInstanceOf(IOException.class);
		assertThat(orders()).isEmpty();

		assertThat(this.client.send("036362691", "order-1").status()).isEqualTo(200);
	}

	@ParameterizedTest
	@CsvSource({ "92,500,INTERNAL_ERROR", "94,503,SERVICE_UNAVAILABLE", "95,429,RATE_LIMIT_EXCEEDED" })
	void firstSendFailsAndTheSecondIsAccepted(String suffix, int status, String code) throws IOException {
		SimulatorClient.Response failed = this.client.send("0363626" + suffix, "order-1");

		assertThat(failed.status()).isEqualTo(status);
		assertThat(failed.code()).isEqualTo(code);
		assertThat(orders()).isEmpty();
		assertThat(this.client.send("0363626" + suffix, "order-1").status()).isEqualTo(200);
	}

	@Test
	void acceptedSendAnswersAnError() throws IOException {
		assertThat(this.client.send("036362693", "order-1").status()).isEqualTo(500);

		assertThat(orders()).hasSize(1);
	}

	@Test
	void acceptedSendAnswersAnUnreadableBody() throws IOException {
		SimulatorClient.Response response = this.client.send("036362696", "order-1");

		assertThat(response.status()).isEqualTo(200);
		assertThat(response.json().isMissingNode()).isTrue();
		assertThat(orders()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "97,400,ERR_PHONE", "98,400,ERR_STOCK", "99,403,INSUFFICIENT_BALANCE" })
	void sendIsRefused(String suffix, int status, String code) throws IOException {
		SimulatorClient.Response refused = this.client.send("0363626" + suffix, "order-1");

		assertThat(refused.status()).isEqualTo(status);
		assertThat(refused.code()).isEqualTo(code);
		assertThat(orders()).isEmpty();
		assertThat(this.simulator.account(SimulatorClient.KEY).balance()).isEqualTo(new BigDecimal("1000000"));
	}

	@Test
	void badNumberIsToldByCheckNumberToo() throws IOException {
		assertThat(this.client.get("/v3/internet/check-number?type=ADSL&number=036362697").code())
			.isEqualTo("ERR_PHONE");
	}

	@Test
	void ownerSettlesAnOrderAtOnce() throws IOException {
		this.client.send("036362689", "order-1");
		SimulatedAccount account = this.simulator.account(SimulatorClient.KEY);

		account.settleRef("order-1", "FULFILLED");
		assertThat(order("order-1").has("card_code")).isTrue();
		account.settleRef("order-1", "REFUNDED");
		account.settleRef("order-1", "REFUNDED");
		assertThat(this.client.status("order-1")).isEqualTo("REFUNDED");
		assertThat(account.balance()).isEqualByComparingTo("1000000");
		assertThat(account.transactions()).hasSize(3);
	}

	@Test
	void settledOrderForgetsItsRefund() throws IOException {
		this.client.send("036362683", "order-1");
		this.simulator.account(SimulatorClient.KEY).settleRef("order-1", "FULFILLED");

		this.clock.advance(Duration.ofDays(1));

		assertThat(this.client.status("order-1")).isEqualTo("FULFILLED");
		assertThat(this.simulator.account(SimulatorClient.KEY).balance()).isEqualByComparingTo("999020");
	}

	@Test
	void tableHasARowForEachOutcome() {
		List<String> lines = SuffixOutcome.table().lines().toList();

		assertThat(lines).hasSize(SuffixOutcome.values().length + 2);
		assertThat(lines).contains("| 81 | FULFILLED after 1 s |");
		assertThat(this.simulator.describe()).contains(SuffixOutcome.table());
	}

	private List<SimulatedOrder> orders() {
		return this.simulator.account(SimulatorClient.KEY).orders();
	}

	private JsonNode order(String ref) throws IOException {
		return this.client.get("/v3/internet/check-ref/" + ref).data();
	}

}
