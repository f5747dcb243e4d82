package dz.flexy.gateway;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A gateway with an operator. Orders are put into its ledger as they stand after a lost
 * answer, not due before tomorrow, so that nothing but a move touches them.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OperatorScenario {

	static final String BOSS = "boss-key";

	/** Settles after a tenth of a second. */
	static final String NUMBER = "036362681";

	private static final String PSN = "507f1f77bcf86cd799439011";

	private static final String SIMULATED = "507f1f77bcf86cd799439099";

	private static final AtomicInteger MADE = new AtomicInteger();

	GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(settings());
		this.gateway.upstream().account("sim-key-1").deposit(new BigDecimal("1000000"));
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	static Map<String, Object> settings() {
		Map<String, Object> settings = new LinkedHashMap<>(
				new GatewaySettings().caller("boss", BOSS).set("gateway.callers.boss.scopes", "operator").asMap());
		settings.remove("gateway.orders.card-key");
		settings.put("gateway.callers.shop.scopes", "orders:write,orders:read,cards:reveal,bills");
		return settings;
	}

	/**
	 * Sent three times, a minute ago the last time, its deadline over; one look has
	 * missed it since.
	 */
	String unknown() {
		return row(NUMBER, "SEND_UNKNOWN", "");
	}

	/** An order for a number in a state, with assignments to further columns. */
	String row(String number, String state, String assignments) {
		String id = "%024x".formatted(MADE.incrementAndGet());
		execute("""
				insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
				  accepted_at, send_deadline, state, answer, due_at, sends, sent_at, send_by, absences, absent_at)
				values ('%1$s', 'main', 'shop', 'internet', '%1$s', 'fg%1$s', 'ADSL', '%2$s', 1000,
				  now() - interval '5 minutes', now() - interval '3 minutes', '%3$s', 'ACCEPTED',
				  now() + interval '1 day', 3, now() - interval '1 minute', now() - interval '1 minute',
				  1, now() - interval '30 seconds')""".formatted(id, number, state));
		return logged(id, state, assignments);
	}

	/** Two gift cards whose answer was lost; candidates are fixed, and none. */
	String giftCards(String type, String assignments) {
		String id = "%024x".formatted(MADE.incrementAndGet());
		execute("""
				insert into orders_order (id, account, caller, family, ref, upstream_ref, product, card_type, quantity,
				  lane, value, accepted_at, send_deadline, state, answer, due_at, sends, sent_at, send_by, candidates)
				values ('%1$s', 'main', 'shop', 'gift-cards', '%1$s', 'fg%1$s', '%2$s', '%3$s', 2, '%2$s %3$s', 980,
				  now() - interval '5 minutes', now() - interval '3 minutes', 'SEND_UNKNOWN', 'ACCEPTED',
				  now() + interval '1 day', 1, now() - interval '5 seconds', now() - interval '5 seconds', '')"""
			.formatted(id, product(type), type));
		return logged(id, "SEND_UNKNOWN", assignments);
	}

	private static String product(String type) {
		return type.startsWith("SIM_") ? SIMULATED : PSN;
	}

	private String logged(String id, String state, String assignments) {
		execute("insert into orders_event (order_id, caller, number, state, status) values ('" + id + "', 'shop', 1, '"
				+ state + "', 'HANDLING')");
		if (!assignments.isEmpty()) {
			set(id, assignments);
		}
		return id;
	}

	void set(String id, String assignments) {
		execute("update orders_order set " + assignments + " where id = '" + id + "'");
	}

	void execute(String sql) {
		this.gateway.database().client().sql(sql).then().block(GatewayUnderTest.patience());
	}

	<T> T read(String sql, Class<T> type) {
		return this.gateway.database().client().sql(sql).mapValue(type).one().block(GatewayUnderTest.patience());
	}

	/** Buys at the upstream past the gateway, and tells the id. */
	String buyUpstream(String path, Map<String, Object> body) {
		String answer = WebClient.create(this.gateway.upstream().baseUrl().toString())
			.post()
			.uri(path)
			.header("X-Access-Token", "sim-key-1")
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.retrieve()
			.bodyToMono(String.class)
			.block(GatewayUnderTest.patience());
		JsonNode data = JsonMapper.shared().readTree(answer).path("data");
		return data.path("topupId").asString(data.path("orderId").asString(""));
	}

	String buyTopup(String number, String ref) {
		return buyUpstream("/v3/internet/send", Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref));
	}

	String buyCards(String type) {
		return buyUpstream("/v3/gift-cards/placeOrder",
				Map.of("productId", product(type), "typeId", type, "quantity", 2));
	}

	/** The operator's GET. */
	JsonNode seen(String path) {
		Answer answer = ask(this.gateway, HttpMethod.GET, path, BOSS, null).block(GatewayUnderTest.patience());
		assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
		return answer.data();
	}

	Answer move(String id, String move) {
		return moving(id, move, Map.of()).block(GatewayUnderTest.patience());
	}

	Mono<Answer> moving(String id, String move, Map<String, Object> arguments) {
		return post("/operator/orders/" + id + "/" + move, arguments);
	}

	Mono<Answer> post(String path, Map<String, Object> arguments) {
		Map<String, Object> body = new HashMap<>(arguments);
		body.putIfAbsent("reason", "asked support, ticket 17");
		return ask(this.gateway, HttpMethod.POST, path, BOSS, body);
	}

	/**
	 * Any request to the management port of a gateway; without a key if that is empty.
	 */
	static Mono<Answer> ask(GatewayUnderTest gateway, HttpMethod method, String path, String key, Object body) {
		return ask(gateway.managementUri().toString(), method, path, key, body);
	}

	static Mono<Answer> ask(String base, HttpMethod method, String path, String key, Object body) {
		WebClient.RequestBodySpec spec = WebClient.create(base)
			.method(method)
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON);
		if (!key.isEmpty()) {
			spec = spec.header("X-Access-Token", key);
		}
		return ((body != null) ? spec.bodyValue(body) : spec)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map((entity) -> entity.getHeaders().getContentType() != null
					&& entity.getHeaders().getContentType().isCompatibleWith(MediaType.APPLICATION_JSON)
							? Answer.of(entity) : new Answer(entity.getStatusCode().value(), entity.getHeaders(),
									JsonMapper.shared().valueToTree(String.valueOf(entity.getBody()))));
	}

}
