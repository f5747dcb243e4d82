package dz.flexy.gateway;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.Quirk;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClient;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Orders of all families are bought whose codes are known, in good and in bad ways. Then
 * everything that the gateway has said, kept and logged is searched for the codes: they
 * are where they were asked for, and nowhere else. In the end all is erased.
 */
@Isolated("reads the log of the whole process")
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class CanaryTest {

	/** This test's: the gateway reads bytes. */
	private static final String OWN_CLIENT = "org.springframework.core.codec.StringDecoder ";

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	private static final Predicate<ReceivedRequest> ON_CHECKS = RequestMatch.onWord("check-id")
		.or(RequestMatch.onWord("checkOrder"));

	/** What is not a reveal: answers, streams, metrics. */
	private final List<String> said = new ArrayList<>();

	private final List<String> codes = new ArrayList<>();

	private final Map<String, String> paths = new LinkedHashMap<>();

	private CapturedLog log;

	private GatewayUnderTest gateway;

	@BeforeAll
	void buy() {
		this.gateway = GatewayUnderTest.start(Map.of("gateway.upstream.accounts.main.exclusive", true));
		this.log = new CapturedLog("dz.flexy", "reactor.netty", "org.springframework", "io.r2dbc.postgresql");
		this.gateway.upstream().account("sim-key-1").deposit(new BigDecimal("100000"));

		internet("plain", "036368081");
		internet("late", "036368187");
		internet("cut off", "036368296", Fault.truncatedJson());
		internet("failed", "036368381", Fault.otherStatus(500));
		internet("refused", "036368481", Fault.otherStatus(400));
		internet("broken", "036368581", Fault.bodyCutShort());
		this.gateway.upstream().drift().on(Quirk.LIST_ROWS_WITH_CARD, Quirk.GIFT_ROWS_WITH_CARDS);
		internet("listed", "036368681");
		gift("cards", "type_001");
		gift("cards refused", "type_002", Fault.otherStatus(400));
		gift("cards failed", "TEST_PARTIAL", Fault.otherStatus(500));
		mobile("mobile", "0770000081");
		this.paths.values().forEach((path) -> await(this.gateway.events(last(path), "0").then()));
	}

	@AfterAll
	void close() {
		this.log.close();
		this.gateway.close();
	}

	/** Before any is revealed, so that each of these could be the first to tell. */
	@Test
	@Order(1)
	void readsThatRevealNothing() {
		this.paths.values().forEach((path) -> {
			said(get("/orders/" + last(path)));
			said(await(this.gateway.events(last(path), "0").map(Object::toString).collectList()));
		});
		List.of("/orders", "/v3/internet/list?pageSize=100", "/v3/mobile/list", "/v3/gift-cards/list")
			.forEach((path) -> said(get(path)));
		said(await(this.gateway.stream(GatewayUnderTest.KEY, "/orders/events", "0").take(20).collectList()));
		assertThat(rows("select order_id from orders_reveal")).isEmpty();
	}

	@Test
	@Order(2)
	void eachRevealIsWrittenDownWithCallerTimeAndRequest() {
		this.paths.forEach((ref, path) -> {
			Answer shown = get(path);
			List<String> seen = new ArrayList<>(shown.data().findValuesAsString("card_code"));
			seen.addAll(shown.data().path("cards").findValuesAsString("value"));
			this.codes.addAll(seen);
			assertThat(seen).as(ref)
				.hasSize(ref.equals("mobile") ? 0 : ref.equals("cards") || ref.equals("cards refused") ? 2 : 1);
			Answer asked = get("/orders/" + last(path) + "/card");
			assertThat(asked.status()).isEqualTo(ref.equals("mobile") ? 404 : 200);
			assertThat(rows("select caller || ' ' || request_id || ' ' || (at > now() - interval '1 minute') "
					+ "from orders_reveal where order_id = '" + last(path) + "' order by id"))
				.isEqualTo(ref.equals("mobile") ? List.of()
						: List.of("shop " + requestId(shown) + " true", "shop " + requestId(asked) + " true"));
		});
		assertThat(this.codes).hasSize(12).doesNotHaveDuplicates().allMatch((code) -> code.length() > 8);
	}

	/**
	 * A code that a caller puts where it does not belong is a secret all the same. An
	 * answer may repeat it to who wrote it; the log and the tables must not.
	 */
	@Test
	@Order(3)
	void badInputsThatHoldACode() {
		String code = this.codes.getFirst();
		refused(get("/v3/internet/check-id/" + code));
		refused(get("/v3/internet/check-ref/" + code));
		refused(get("/v3/gift-cards/checkOrder/" + code));
		refused(get("/orders/" + code));
		refused(get("/orders?cursor=" + code));
		refused(get("/" + code));
		List.of("{\"card_code\":\"" + code + "\"",
				"{\"type\":\"ADSL\",\"number\":\"036368081\",\"value\":\"" + code + "\"}",
				"{\"type\":\"" + code + "\",\"number\":\"036368081\",\"value\":1000}", "\"" + code + "\"")
			.forEach((body) -> refused(send(body)));
	}

	@Test
	@Order(4)
	void aCodeThatCannotBeDecryptedIsToldAsSuch() {
		String moved = last(this.paths.get("plain"));
		String locked = last(this.paths.get("listed"));
		run("update orders_order set card_code = (select card_code from orders_order where id = '" + locked
				+ "') where id = '" + moved + "'");
		run("update orders_order set card_key = '00000000' where id = '" + locked + "'");

		for (String id : List.of(moved, locked)) {
			for (String path : List.of("/v3/internet/check-id/" + id, "/orders/" + id + "/card")) {
				Answer answer = get(path);
				assertThatProblem(answer).is(500, "CARD_UNREADABLE");
				said(answer);
			}
			assertThat(get("/orders/" + id).status()).isEqualTo(200);
		}
		assertThat(this.log.lines()).anyMatch((line) -> line.contains(locked) && line.contains("old-card-keys"));
		assertThat(rows("select request_id from orders_reveal where order_id = '" + locked + "'")).hasSize(2);
	}

	@Test
	@Order(5)
	void theCodesAreNowhereElse() {
		List<String> tables = rows("select table_name from information_schema.tables where table_schema = 'public'");
		tables.forEach((table) -> said(rows("select t::text from " + table + " t")));
		List<String> metrics = metrics();
		metrics.forEach(this::said);

		assertThat(this.codes).isNotEmpty();
		assertThat(tables).contains("orders_order", "orders_event", "orders_idempotency", "catalog_number");
		assertThat(metrics).hasSize(3).anyMatch((page) -> page.length() > 1000);
		List<String> logged = this.log.lines().stream().filter((line) -> !line.startsWith(OWN_CLIENT)).toList();
		assertThat(logged).hasSizeGreaterThan(100);
		assertThat(this.said).hasSizeGreaterThan(50);
		this.codes.forEach((code) -> {
			assertThat(logged).as("log").noneMatch((line) -> line.contains(code) && !isOwnAddress(line, code));
			assertThat(this.said).noneMatch((text) -> text.contains(code));
		});
	}

	@Test
	@Order(6)
	void whatIsPastItsRetentionIsErased() {
		String id = last(this.paths.get("late"));
		run("update orders_order set flag = null, final_at = final_at - interval '401 days' where final_at is not null");
		SmartLifecycle retention = this.gateway.beans(SmartLifecycle.class)
			.stream()
			.filter((loop) -> loop.getClass().getSimpleName().equals("RetentionLoop"))
			.findFirst()
			.orElseThrow();
		retention.stop();
		retention.start();
		await(Mono.fromSupplier(() -> rows("select id from orders_order where erased_at is null"))
			.subscribeOn(Schedulers.boundedElastic())
			.filter(List::isEmpty)
			.repeatWhenEmpty((looks) -> looks.delayElements(Duration.ofMillis(50))));

		assertThat(get("/v3/internet/check-id/" + id).data().path("number").asString()).isEqualTo("**********");
		assertThat(get("/v3/internet/check-id/" + id).data().has("card_code")).isFalse();
		assertThat(get("/v3/internet/check-ref/late").data().path("_id").asString()).isEqualTo(id);
		assertThat(get("/orders?ref=late").data().path("items").size()).isOne();
		assertThat(get("/orders/" + id).data().path("erasedAt").asString()).isNotEmpty();
		assertThatProblem(get("/orders/" + id + "/card")).is(404, "NOT_FOUND");
		assertThatProblem(send("{\"type\":\"ADSL\",\"number\":\"036368187\",\"value\":1000,\"ref\":\"late\"}")).is(403,
				"DUPLICATED_REF");
		assertThat(get("/v3/mobile/list").data().path("items").get(0).path("MSSIDN").asString())
			.isEqualTo("**********");
		assertThat(get("/v3/gift-cards/list").status()).isEqualTo(200);
		assertThat(await(this.gateway.events(id, "0").collectList())).singleElement()
			.satisfies((event) -> assertThat(event.event()).isEqualTo("reset"));
		assertThat(await(this.gateway.stream(GatewayUnderTest.KEY, "/orders/events", "1").next()).event())
			.isEqualTo("reset");
	}

	private void internet(String ref, String number, Fault... faults) {
		faults(faults);
		Answer sent = await(this.gateway.send(number, ref));
		assertThat(sent.status()).as("%s", sent.body()).isEqualTo(200);
		this.paths.put(ref, "/v3/internet/check-id/" + sent.topupId());
		end(sent.topupId(), faults);
	}

	private void gift(String ref, String type, Fault... faults) {
		faults(faults);
		Answer sent = await(this.gateway.post("/v3/gift-cards/placeOrder",
				Map.of("productId", "507f1f77bcf86cd799439011", "typeId", type, "quantity", 2, "ref", ref)));
		assertThat(sent.status()).as("%s", sent.body()).isEqualTo(200);
		this.paths.put(ref, "/v3/gift-cards/checkOrder/" + sent.data().path("orderId").asString());
		end(sent.data().path("orderId").asString(), faults);
	}

	private void mobile(String ref, String number) {
		Answer sent = await(this.gateway.post("/v3/mobile/send",
				Map.of("plan_code", "PREPAID_DJEZZY", "MSSIDN", number, "amount", 500, "ref", ref)));
		this.paths.put(ref, "/v3/mobile/check-id/" + sent.topupId());
	}

	/** For the first two reads that could show the code. */
	private void faults(Fault... faults) {
		for (Fault fault : faults) {
			this.gateway.upstream().faults().next(fault, ON_CHECKS).times(2);
		}
	}

	private void end(String id, Fault... faults) {
		if (faults.length > 0) {
			await(this.gateway.end(id));
			this.gateway.upstream().faults().clear();
		}
	}

	private Answer send(String body) {
		return await(this.gateway.exchange(HttpMethod.POST, "/v3/internet/send",
				Map.of("X-Access-Token", GatewayUnderTest.KEY, "Content-Type", "application/json"), body.getBytes()));
	}

	private Answer get(String path) {
		return await(this.gateway.get(path));
	}

	private List<String> metrics() {
		String port = this.gateway.bean(Environment.class).getProperty("local.management.port");
		return await(Flux.just("/actuator/prometheus", "/actuator/breakers", "/actuator/health")
			.concatMap((path) -> WebClient.create()
				.get()
				.uri(URI.create("http://localhost:" + port + path))
				.retrieve()
				.bodyToMono(String.class))
			.collectList());
	}

	/**
	 * Netty and Spring log the addresses that this test itself asks for the first code.
	 */
	private boolean isOwnAddress(String line, String code) {
		return code.equals(this.codes.getFirst()) && !line.startsWith("dz.flexy");
	}

	private static void refused(Answer answer) {
		assertThat(answer.status()).isBetween(400, 499);
	}

	private void said(Object what) {
		this.said.add(what.toString());
	}

	private static String requestId(Answer answer) {
		return Objects.requireNonNull(answer.headers().getFirst("X-Request-ID"));
	}

	private static String last(String path) {
		return path.substring(path.lastIndexOf('/') + 1);
	}

	private void run(String sql) {
		await(this.gateway.database().client().sql(sql).fetch().rowsUpdated());
	}

	private List<String> rows(String sql) {
		return await(this.gateway.database().client().sql(sql).mapValue(String.class).all().collectList());
	}

	private static <T> T await(Mono<T> result) {
		return result.block(PATIENCE);
	}

}
