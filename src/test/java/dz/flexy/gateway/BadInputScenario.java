package dz.flexy.gateway;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.RequestMatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A gateway that has done its first order, and a watch over what bad input must not
 * touch: no test of a subclass may leave a row or an upstream call behind.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class BadInputScenario {

	static final String SEND = "/v3/internet/send";

	static final byte[] NOTHING = new byte[0];

	private static final JsonMapper JSON = new JsonMapper();

	private static final String NUMBER = "036362680";

	GatewayUnderTest gateway;

	/** The one order there is, fulfilled. */
	String order;

	private long rows;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(settings());
		this.order = this.gateway.send(NUMBER, "first").block(GatewayUnderTest.patience()).topupId();
		assertThat(this.gateway.end(this.order).block(GatewayUnderTest.patience()).path("status").asString())
			.isEqualTo("FULFILLED");
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@BeforeEach
	void watch() {
		this.rows = rows();
		this.gateway.upstream().requests().clear();
	}

	/** A check of the first order's number that was not waited for may come late. */
	@AfterEach
	void touchesNeitherDatabaseNorUpstream() {
		assertThat(rows()).isEqualTo(this.rows);
		assertThat(this.gateway.upstream()
			.requests()
			.where(RequestMatch.onWord("check-number").and(RequestMatch.onNumber(NUMBER)).negate())).isEmpty();
	}

	Map<String, Object> settings() {
		return Map.of();
	}

	/** An order that would be accepted, with one field changed; {@code null} drops it. */
	static Map<String, Object> body(String field, @Nullable Object value) {
		Map<String, Object> body = new LinkedHashMap<>(
				Map.of("type", "ADSL", "number", "036362601", "value", 1000, "ref", "never-accepted"));
		body.remove(field);
		if (value != null) {
			body.put(field, value);
		}
		return body;
	}

	Answer send(Map<String, Object> body) {
		return post(JSON.writeValueAsString(body));
	}

	Answer post(String body) {
		return post(body.getBytes(StandardCharsets.UTF_8), Map.of());
	}

	Answer post(byte[] body, Map<String, String> headers) {
		Map<String, String> all = new LinkedHashMap<>(
				Map.of("X-Access-Token", GatewayUnderTest.KEY, "Content-Type", "application/json"));
		all.putAll(headers);
		return exchange(HttpMethod.POST, SEND, all, body);
	}

	Answer get(String path) {
		return get(path, Map.of("X-Access-Token", GatewayUnderTest.KEY));
	}

	Answer get(String path, Map<String, String> headers) {
		return exchange(HttpMethod.GET, path, headers, NOTHING);
	}

	Answer exchange(HttpMethod method, String path, Map<String, String> headers, byte[] body) {
		return this.gateway.exchange(method, path, headers, body).block(GatewayUnderTest.patience());
	}

	/** Any request, with the usual key unless another is given. */
	Answer raw(String start, Map<String, String> headers, byte[] body) {
		Map<String, String> all = new LinkedHashMap<>(headers);
		all.putIfAbsent("X-Access-Token", GatewayUnderTest.KEY);
		return new RawHttp(this.gateway.uri()).exchange(start, all, body);
	}

	private long rows() {
		return this.gateway.database()
			.client()
			.sql("select (select count(*) from orders_order) + (select count(*) from orders_idempotency)")
			.mapValue(Long.class)
			.one()
			.block(GatewayUnderTest.patience());
	}

}
