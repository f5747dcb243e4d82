package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.GatewayUnderTest;
import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedAccount;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Books against books, over HTTP, with an account that nobody else buys gift cards or
 * pays bills with. Each test looks only at what it made itself.
 */
@Order(1)
@TestInstance(Lifecycle.PER_CLASS)
class ReconciliationScenarioTest {

	private static final String BOSS = "boss-key";

	private static final Map<String, Object> QUICK = quick();

	private static final String SIMULATED = "507f1f77bcf86cd799439099";

	private static final String PSN = "507f1f77bcf86cd799439011";

	private GatewayUnderTest gateway;

	private static Map<String, Object> quick() {
		Map<String, Object> settings = new HashMap<>(new GatewaySettings().caller("boss", BOSS)
			.set("gateway.callers.boss.scopes", "operator")
			.set("gateway.upstream.accounts.main.exclusive", true)
			.set("gateway.reconciliation.settled", "0s")
			.set("gateway.reconciliation.grace", "4s")
			.set("gateway.reconciliation.pause", "20ms")
			.set("gateway.reconciliation.retry", "10m")
			.asMap());
		settings.remove("gateway.orders.card-key");
		return settings;
	}

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(QUICK);
		account().deposit(new BigDecimal("100000"));
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@Test
	void aCleanHistoryHasNoBreaks() {
		List<JsonNode> ends = Flux
			.merge(send("036368080", "clean-1"), send("036368083", "clean-2"), send("036368091", "clean-3"),
					send("036368090", "clean-4"), mobile("0778036880", "clean-5"), mobile("0778036883", "clean-6"),
					mobile("0778036898", "clean-7"), gift(SIMULATED, "SIM_AT_ONCE", 2), gift(PSN, "TEST_PARTIAL", 4),
					gift(PSN, "TEST_REFUND", 1))
			.collectList()
			.block(GatewayUnderTest.patience());
		sendPastTheGateway("036368180", "their-own");
		Set<String> ids = new TreeSet<>();
		ends.forEach((end) -> ids.addAll(List.of(end.path("orderId").asString(), end.path("upstreamId").asString())));

		JsonNode run = reconcile();

		assertThat(ends).extracting((end) -> end.path("state").asString())
			.containsOnly("FULFILLED", "PARTIALLY_FILLED", "REFUNDED")
			.hasSize(10);
		assertThat(run.path("state").asString()).as("%s", run).isEqualTo("COMPLETE");
		assertThat(run.at("/counts/compared").asInt()).isGreaterThanOrEqualTo(10);
		assertThat(run.at("/counts/outside.internet").asInt()).isPositive();
		assertThat(rows("select class || ' ' || detail from reconciliation_break where order_id in ('"
				+ String.join("','", ids) + "') or upstream_id in ('" + String.join("','", ids) + "')"))
			.isEmpty();
		// A run is complete before what it read is forgotten.
		Mono.fromSupplier(
				() -> rows("select upstream_id from reconciliation_listed union select id from reconciliation_moved"))
			.filter(List::isEmpty)
			.subscribeOn(Schedulers.boundedElastic())
			.repeatWhenEmpty((tries) -> tries.delayElements(Duration.ofMillis(50)))
			.block(GatewayUnderTest.patience());
	}

	@Test
	void findsABreakOfEachClassOnceAndLetsItGo() {
		JsonNode lost = bought("036368280", "lost");
		JsonNode unknown = bought("036368380", "unknown");
		JsonNode reopened = bought("036368480", "reopened");
		JsonNode dear = bought("036368580", "dear");
		JsonNode unpaid = bought("036368683", "unpaid");
		mobile("0778036281", "links-the-ledger").block(GatewayUnderTest.patience());
		account().forget(upstreamId(lost));
		forgetHere(orderId(unknown));
		account().settle(upstreamId(reopened), "HANDLING");
		execute("update orders_order set cost = 970 where id = '" + orderId(dear) + "'");
		account().charge("ADSL", new BigDecimal("980"), upstreamId(unpaid));
		payment("pay-refused", "REFUSED");
		account().charge("SERVICE", new BigDecimal("530"), "bill-pay-refused");
		payment("pay-unknown", "UNKNOWN");
		account().charge("SERVICE", new BigDecimal("530"), "bill-pay-unknown");
		account().charge("SERVICE", new BigDecimal("530"), "bill-of-nobody");
		account().charge("FLEXY", new BigDecimal("490"), "topup-of-nobody");
		String stray = giftPastTheGateway("SIM_AT_ONCE");

		reconcile();
		Map<String, JsonNode> first = breaks();
		reconcile();
		Map<String, JsonNode> second = breaks();

		Map<String, String> expected = new HashMap<>();
		expected.put(upstreamId(lost), "OURS_ONLY 980");
		expected.put(upstreamId(unknown), "THEIRS_ONLY -");
		expected.put(upstreamId(reopened), "STATUS_DIFFERS -");
		expected.put(upstreamId(dear), "AMOUNT_DIFFERS 10");
		expected.put(upstreamId(unpaid), "CHARGED_NOT_REFUNDED 980");
		expected.put("bill-pay-refused", "CHARGED_NOT_REFUNDED 530");
		expected.put("bill-pay-unknown", "STATUS_DIFFERS 530");
		expected.put("bill-of-nobody", "THEIRS_ONLY 530");
		expected.put("topup-of-nobody", "THEIRS_ONLY 490");
		expected.put(stray, "THEIRS_ONLY 500");
		expected.forEach((id, told) -> assertThat(told(first.get(id))).as(id).isEqualTo(told));
		assertThat(first.get(upstreamId(lost)).path("orderId").asString()).isEqualTo(orderId(lost));
		assertThat(first.get(upstreamId(unknown)).path("orderId").asString()).isEqualTo(orderId(unknown));
		expected.keySet()
			.forEach((id) -> assertThat(second.get(id).path("break")).isEqualTo(first.get(id).path("break")));
		assertThat(open("THEIRS_ONLY")).isGreaterThanOrEqualTo(4);
		assertThat(report().at("/accounts/0/open/THEIRS_ONLY").asInt()).isGreaterThanOrEqualTo(4);

		account().settle(upstreamId(reopened), "FULFILLED");
		execute("update orders_order set cost = 980 where id = '" + orderId(dear) + "'");
		reconcile();

		assertThat(breaks()).doesNotContainKeys(upstreamId(reopened), upstreamId(dear))
			.containsKeys(upstreamId(lost), upstreamId(unpaid), "bill-pay-refused", stray);
	}

	@Test
	void aLaterEndIsOneMoreEventMarkedAsACorrection() {
		JsonNode bought = bought("036368780", "reversed");
		String id = orderId(bought);
		// From the first event on: the correction may come before the stream stands.
		Mono<ServerSentEvent<String>> heard = this.gateway.stream(GatewayUnderTest.KEY, "/orders/events", "0")
			.filter((event) -> GatewayUnderTest.data(event).path("orderId").asString().equals(id))
			.filter((event) -> GatewayUnderTest.data(event).path("correction").asBoolean(false))
			.next();
		account().settle(upstreamId(bought), "REFUNDED");

		ServerSentEvent<String> live = Mono
			.zip(heard, Mono.fromSupplier(this::reconcile).subscribeOn(Schedulers.boundedElastic()))
			.block(GatewayUnderTest.patience())
			.getT1();
		List<ServerSentEvent<String>> afterEnd = this.gateway.events(id, "2")
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(GatewayUnderTest.data(live).path("status").asString()).isEqualTo("REFUNDED");
		assertThat(afterEnd).singleElement().satisfies((event) -> {
			JsonNode data = GatewayUnderTest.data(event);
			assertThat(event.id()).isEqualTo("3");
			assertThat(data.path("status").asString()).isEqualTo("REFUNDED");
			assertThat(data.path("previous").asString()).isEqualTo("FULFILLED");
			assertThat(data.path("correction").asBoolean()).isTrue();
			assertThat(data.path("final").asBoolean()).isTrue();
			assertThat(data.path("cost").decimalValue()).isEqualByComparingTo("980");
		});
		assertThat(this.gateway.events(id, "3").collectList().block(GatewayUnderTest.patience())).isEmpty();
		JsonNode own = get("/orders/" + id);
		assertThat(own.path("state").asString()).isEqualTo("REFUNDED");
		assertThat(own.path("cost").decimalValue()).isEqualByComparingTo("980");
		assertThat(own.path("events")).hasSizeGreaterThanOrEqualTo(3);
		assertThat(get("/v3/internet/check-id/" + id).path("status").asString()).isEqualTo("REFUNDED");
		assertThat(breaks()).doesNotContainKey(upstreamId(bought));
		assertThat(rows("select class || ' ' || resolution from reconciliation_break where order_id = '" + id + "'"))
			.containsExactly("STATUS_DIFFERS corrected to REFUNDED");
	}

	@Test
	void whatWasRejectedAndYetBoughtIsCorrectedAndStaysWithTheOperator() {
		JsonNode bought = bought("036368880", "rejected");
		String id = orderId(bought);
		execute("update orders_order set state = 'REJECTED', upstream_id = null, card_code = null where id = '" + id
				+ "'");

		reconcile();

		JsonNode corrected = get("/orders/" + id);
		assertThat(corrected.path("state").asString()).isEqualTo("FULFILLED");
		assertThat(corrected.path("upstreamId").asString()).isEqualTo(upstreamId(bought));
		assertThat(corrected.path("attention").asString()).contains("bought upstream");
		assertThat(get("/v3/internet/check-id/" + id).path("card_code").asString()).hasSizeGreaterThan(8);
		assertThat(told(breaks().get(upstreamId(bought)))).isEqualTo("STATUS_DIFFERS -");
	}

	@Test
	void anotherPurchaseUnderOurReferenceIsNotMadeOurs() {
		JsonNode bought = bought("036368188", "not-this");
		String id = orderId(bought);
		execute("update orders_order set state = 'REJECTED', upstream_id = null, card_code = null, number = '036368199' "
				+ "where id = '" + id + "'");

		reconcile();

		assertThat(get("/orders/" + id).path("state").asString()).isEqualTo("REJECTED");
		assertThat(breaks().get(upstreamId(bought)).path("detail").asString())
			.isEqualTo("ours is REJECTED, theirs FULFILLED; not corrected, another number");
	}

	@Test
	void theMoneyOfACorrectionIsJudgedAtOnce() {
		JsonNode bought = bought("036369580", "reversed-unpaid");
		account().settle(upstreamId(bought), "REFUNDED");
		account().charge("ADSL", new BigDecimal("980"), upstreamId(bought));

		reconcile();

		assertThat(get("/orders/" + orderId(bought)).path("state").asString()).isEqualTo("REFUNDED");
		assertThat(told(breaks().get(upstreamId(bought)))).isEqualTo("CHARGED_NOT_REFUNDED 980");
	}

	/** A fixed plan has its own amount, whatever was sent. */
	@Test
	void theAmountOfAMobilePlanIsNotCompared() {
		JsonNode bought = mobile("0778036181", "fixed").block(GatewayUnderTest.patience());
		execute("update orders_order set value = 1 where id = '" + orderId(bought) + "'");

		reconcile();

		assertThat(breaks()).doesNotContainKey(upstreamId(bought));
	}

	@Test
	void whatIsOnlyBehindIsFollowedToItsEnd() {
		Answer sent = this.gateway.send("036368989", "behind").block(GatewayUnderTest.patience());
		String id = sent.topupId();
		execute("update orders_order set due_at = now() + interval '1 day', sent_at = now() - interval '7 hours' "
				+ "where id = '" + id + "'");
		String upstreamId = account().orders()
			.stream()
			.filter((order) -> order.number().equals("036368989"))
			.findFirst()
			.orElseThrow()
			.id();
		account().settle(upstreamId, "FULFILLED");

		reconcile();

		assertThat(get("/orders/" + id).path("state").asString()).isEqualTo("FULFILLED");
		assertThat(rows("select class from reconciliation_break where order_id = '" + id + "'")).isEmpty();
	}

	@Test
	void whatAPersonSettlesStaysSettledUntilItChanges() {
		JsonNode unpaid = bought("036369683", "settled");
		account().charge("ADSL", new BigDecimal("980"), upstreamId(unpaid));
		reconcile();
		String path = "/operator/reconciliation/breaks/" + breaks().get(upstreamId(unpaid)).path("break").asLong()
				+ "/settle";

		JsonNode settled = settle(path, 200);
		JsonNode again = settle(path, 409);
		reconcile();

		assertThat(settled.at("/data/resolution").asString()).isEqualTo("settled by boss");
		assertThat(settled.at("/data/moves/0/reason").asString()).isEqualTo("credit note 17");
		assertThat(again.at("/error/code").asString()).isEqualTo("MOVE_REFUSED");
		assertThat(breaks()).doesNotContainKey(upstreamId(unpaid));
		assertThat(get(this.gateway, "?resolved=true&class=CHARGED_NOT_REFUNDED").path("breaks")
			.findValuesAsString("upstreamId")).contains(upstreamId(unpaid));
		assertThat(settle("/operator/reconciliation/breaks/x/settle", 404).at("/error/code").asString())
			.isEqualTo("NOT_FOUND");

		account().charge("ADSL", new BigDecimal("980"), upstreamId(unpaid));
		reconcile();

		assertThat(told(breaks().get(upstreamId(unpaid)))).isEqualTo("CHARGED_NOT_REFUNDED 1960");
	}

	@Test
	void breaksAreShownPageByPageNewestFirst() {
		foundBefore("THEIRS_ONLY", "page-1", "-");
		foundBefore("THEIRS_ONLY", "page-2", "-");

		JsonNode first = get(this.gateway, "?class=THEIRS_ONLY&limit=1");
		JsonNode second = get(this.gateway, "?class=THEIRS_ONLY&limit=1&cursor=" + first.path("nextCursor").asString());

		assertThat(first.path("breaks").findValuesAsString("upstreamId")).containsExactly("page-2");
		assertThat(second.path("breaks").findValuesAsString("upstreamId")).containsExactly("page-1");
		execute("delete from reconciliation_break where upstream_id in ('page-1', 'page-2')");
	}

	/**
	 * The charges lie before the time compared; when a person decided does not matter.
	 */
	@Test
	void whatAPaymentCostStaysUntilItIsPaidBack() {
		payment("owed", "NOT_PAID");
		payment("not-made", "NOT_PAID");
		payment("made", "PAID");
		account().charge("SERVICE", new BigDecimal("530"), "bill-made");
		account().charge("SERVICE", new BigDecimal("530"), "bill-made");
		foundBefore("CHARGED_NOT_REFUNDED", "bill-owed", "owed");
		foundBefore("STATUS_DIFFERS", "bill-not-made", "not-made");
		foundBefore("STATUS_DIFFERS", "bill-made", "made");

		assertThat(reconcile().at("/counts/severalCharges").asInt()).isOne();

		assertThat(told(breaks().get("bill-owed"))).isEqualTo("CHARGED_NOT_REFUNDED 530");
		assertThat(told(breaks().get("bill-not-made"))).isEqualTo("CHARGED_NOT_REFUNDED 530");
		assertThat(breaks()).doesNotContainKey("bill-made");
	}

	@Test
	void whatAListLeavesOutIsNotLost() {
		JsonNode bought = bought("036369280", "left-out");
		account().unlist(upstreamId(bought));

		assertThat(reconcile().path("state").asString()).isEqualTo("COMPLETE");

		assertThat(rows("select class from reconciliation_break where order_id = '" + orderId(bought) + "'")).isEmpty();
	}

	@Test
	void whatCouldNotBeReadIsNotJudged() {
		JsonNode lost = bought("036369080", "lost-unread");
		JsonNode stays = bought("036369180", "stays-unread");
		execute("update orders_order set cost = 970 where id = '" + orderId(stays) + "'");
		reconcile();
		assertThat(breaks()).containsKey(upstreamId(stays)).doesNotContainKey(upstreamId(lost));
		execute("update orders_order set cost = 980 where id = '" + orderId(stays) + "'");
		account().forget(upstreamId(lost));
		this.gateway.upstream()
			.faults()
			.next(Fault.refused(400, "ERR_VALIDATION"),
					RequestMatch.onRoute("/v3/internet/list").and((request) -> isOfHours(request.query())))
			.times(1);

		JsonNode incomplete = reconcile();
		Map<String, JsonNode> meanwhile = breaks();
		JsonNode complete = reconcile();

		assertThat(incomplete.path("state").asString()).isEqualTo("INCOMPLETE");
		assertThat(incomplete.path("reason").asString()).startsWith("internet list: ").contains("ERR_VALIDATION");
		assertThat(meanwhile).containsKey(upstreamId(stays)).doesNotContainKey(upstreamId(lost));
		assertThat(complete.path("state").asString()).isEqualTo("COMPLETE");
		assertThat(breaks()).doesNotContainKey(upstreamId(stays)).containsKey(upstreamId(lost));
	}

	@Test
	void oneOrderThatCannotBeReadKeepsItsBreaksAndNobodyElses() {
		JsonNode hidden = bought("036360180", "hidden");
		JsonNode dear = bought("036360280", "dear-beside");
		execute("update orders_order set cost = 970 where id = '" + orderId(hidden) + "'");
		reconcile();
		execute("update orders_order set cost = 970 where id = '" + orderId(dear) + "'");
		this.gateway.upstream()
			.faults()
			.next(Fault.refused(400, "ERR_VALIDATION"),
					RequestMatch.onRoute("/v3/internet/check-id/{id}")
						.and((request) -> request.path().endsWith("/" + upstreamId(hidden))))
			.always();

		JsonNode run = reconcile();
		this.gateway.upstream().faults().clear();

		assertThat(run.path("state").asString()).isEqualTo("COMPLETE");
		assertThat(run.at("/counts/unreadable.internet").asInt()).isOne();
		assertThat(breaks()).containsKeys(upstreamId(hidden), upstreamId(dear));
	}

	@Test
	void severalReplicasCompareOnce() {
		try (GatewayUnderTest another = this.gateway.another(QUICK)) {
			long before = runs();
			execute("update reconciliation_due set due_at = now()");

			Mono.fromSupplier(() -> report().at("/accounts/0"))
				.filter((account) -> account.at("/runs/0/run").asLong() > before
						&& !account.at("/runs/0/state").asString().equals("RUNNING"))
				.subscribeOn(Schedulers.boundedElastic())
				.repeatWhenEmpty((tries) -> tries.delayElements(Duration.ofMillis(50)))
				.block(GatewayUnderTest.patience());
			/* Both have looked whether it is due since. */
			Mono.delay(Duration.ofMillis(2500)).block();

			assertThat(runs()).isEqualTo(before + 1);
			assertThat(report(another).at("/accounts/0/runs/0/run").asLong()).isEqualTo(before + 1);
			assertThat(rows("select (due_at > now() + interval '23 hours')::text from reconciliation_due"))
				.containsExactly("true");
		}
	}

	/** Sweeps read minutes. */
	private static boolean isOfHours(Map<String, String> query) {
		return Instant.parse(query.get("from")).plus(Duration.ofHours(1)).isBefore(Instant.parse(query.get("to")));
	}

	private JsonNode reconcile() {
		long before = runs();
		operator(this.gateway).post()
			.uri("/operator/reconciliation?account=main")
			.exchange()
			.expectStatus()
			.isAccepted();
		return Mono.fromSupplier(() -> report().at("/accounts/0/runs/0"))
			.filter((run) -> run.path("run").asLong() > before && !run.path("state").asString().equals("RUNNING"))
			.subscribeOn(Schedulers.boundedElastic())
			.repeatWhenEmpty((tries) -> tries.delayElements(Duration.ofMillis(50)))
			.block(GatewayUnderTest.patience());
	}

	private void foundBefore(String kind, String upstreamId, String payment) {
		execute("insert into reconciliation_break (account, class, family, order_id, upstream_id, detail, amount, "
				+ "happened_at, run) values ('main', '" + kind + "', '" + Family.OTHER.label() + "', '" + payment
				+ "', '" + upstreamId + "', '-', 530, now(), 0)");
	}

	private JsonNode settle(String path, int status) {
		byte[] body = operator(this.gateway).post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue("{\"reason\":\"credit note 17\"}")
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectBody()
			.returnResult()
			.getResponseBody();
		return JsonMapper.shared().readTree(body);
	}

	private long runs() {
		return Long.parseLong(rows("select coalesce(max(id), 0)::text from reconciliation_run").getFirst());
	}

	private JsonNode report() {
		return report(this.gateway);
	}

	private static JsonNode report(GatewayUnderTest replica) {
		return get(replica, "?limit=100");
	}

	private static JsonNode get(GatewayUnderTest replica, String query) {
		byte[] body = operator(replica).get()
			.uri("/operator/reconciliation" + query)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBody();
		return JsonMapper.shared().readTree(body).path("data");
	}

	/** Open ones by the upstream's id. */
	private Map<String, JsonNode> breaks() {
		Map<String, JsonNode> breaks = new HashMap<>();
		report().path("breaks").forEach((one) -> breaks.put(one.path("upstreamId").asString(), one));
		return breaks;
	}

	private static String told(JsonNode found) {
		assertThat(found).isNotNull();
		return found.path("class").asString() + " "
				+ (found.has("amount") ? found.path("amount").decimalValue().toPlainString() : "-");
	}

	private double open(String kind) {
		return this.gateway.bean(MeterRegistry.class)
			.get("gateway.reconciliation.open")
			.tag("class", kind)
			.gauge()
			.value();
	}

	private static WebTestClient operator(GatewayUnderTest replica) {
		return WebTestClient.bindToServer()
			.baseUrl(replica.managementUri().toString())
			.defaultHeader("X-Access-Token", BOSS)
			.responseTimeout(GatewayUnderTest.patience())
			.build();
	}

	private Mono<JsonNode> send(String number, String ref) {
		return this.gateway.send(number, ref).flatMap((sent) -> this.gateway.end(sent.topupId()));
	}

	private Mono<JsonNode> mobile(String number, String ref) {
		return this.gateway
			.post("/v3/mobile/send", Map.of("plan_code", "PREPAID_DJEZZY", "MSSIDN", number, "amount", 500, "ref", ref))
			.flatMap((sent) -> this.gateway.end(sent.topupId()));
	}

	private Mono<JsonNode> gift(String product, String type, int quantity) {
		return this.gateway
			.post("/v3/gift-cards/placeOrder", Map.of("productId", product, "typeId", type, "quantity", quantity))
			.flatMap((sent) -> this.gateway.end(sent.data().path("orderId").asString()));
	}

	private JsonNode bought(String number, String ref) {
		return send(number, ref).block(GatewayUnderTest.patience());
	}

	private void sendPastTheGateway(String number, String ref) {
		upstream("/v3/internet/send", Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref));
	}

	private String giftPastTheGateway(String type) {
		return upstream("/v3/gift-cards/placeOrder", Map.of("productId", SIMULATED, "typeId", type, "quantity", 1))
			.at("/data/orderId")
			.asString();
	}

	private JsonNode upstream(String path, Map<String, Object> body) {
		return JsonMapper.shared()
			.readTree(WebClient.create(this.gateway.upstream().baseUrl().toString())
				.method(HttpMethod.POST)
				.uri(path)
				.header("X-Access-Token", "sim-key-1")
				.bodyValue(body)
				.retrieve()
				.bodyToMono(String.class)
				.block(GatewayUnderTest.patience()));
	}

	/** As if the database had been restored from before it. */
	private void forgetHere(String id) {
		for (String table : List.of("orders_idempotency", "orders_reveal", "orders_event")) {
			execute("delete from " + table + " where order_id = '" + id + "'");
		}
		execute("delete from orders_order where id = '" + id + "'");
	}

	private void payment(String id, String state) {
		execute("""
				insert into passthrough_payment (id, account, caller, route, transaction_id, digest, request_id,
				                                 overdue_at, state, ended_at)
				values ('%s', 'main', 'shop', 'bills.pay', 'bill-%s', '-', '-', now(), '%s', now())""".formatted(id, id,
				state));
	}

	private SimulatedAccount account() {
		return this.gateway.upstream().account("sim-key-1");
	}

	private JsonNode get(String path) {
		return this.gateway.get(path).block(GatewayUnderTest.patience()).data();
	}

	private static String orderId(JsonNode order) {
		return order.path("orderId").asString();
	}

	private static String upstreamId(JsonNode order) {
		return order.path("upstreamId").asString();
	}

	private void execute(String sql) {
		this.gateway.database().client().sql(sql).then().block(GatewayUnderTest.patience());
	}

	private List<String> rows(String sql) {
		return new ArrayList<>(this.gateway.database()
			.client()
			.sql(sql)
			.mapValue(String.class)
			.all()
			.collectList()
			.block(GatewayUnderTest.patience()));
	}

}
