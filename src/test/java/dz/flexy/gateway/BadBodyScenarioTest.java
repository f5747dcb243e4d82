package dz.flexy.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.RawHttp.Reply;
import dz.flexy.gateway.Shot.Framing;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** Bodies that are no order at all. */
class BadBodyScenarioTest extends BadInputScenario {

	private static final int LIMIT = 64 * 1024;

	@Override
	Map<String, Object> settings() {
		return Map.of("gateway.callers.shop.scopes", "orders:write,orders:read,bills,ocpay");
	}

	@Test
	void refusesWhatIsNoJsonObject() {
		for (String body : List.of("", " ", "null", "[]", "\"text\"", "1000", "true", "{", "{\"type\":}", "not json",
				"type=ADSL&number=036362601", "{\"type\":\"ADSL\"}{}", "{\"type\":\"ADSL\"} x", "{'type':'ADSL'}",
				"{\"value\":NaN}", "{\"value\":Infinity}", "{\"value\":0x10}", "{\"value\":01}", "<order/>",
				"[".repeat(5000), "{\"a\":".repeat(5000))) {
			assertThatProblem(post(body)).names("body").tellsQuota().isHarmless();
		}
	}

	@Test
	void refusesBytesThatAreNoUtf8() {
		for (byte[] bad : List.of(bytes(0xff), bytes(0xc3, 0x28), bytes(0xed, 0xa0, 0x80), bytes(0xc0, 0x80),
				bytes(0xf8, 0x88, 0x80, 0x80, 0x80))) {
			byte[] head = "{\"type\":\"ADSL\",\"number\":\"036362601\",\"value\":1000,\"ref\":\""
				.getBytes(StandardCharsets.UTF_8);

			assertThatProblem(post(join(head, bad, "\"}".getBytes(StandardCharsets.UTF_8)), Map.of())).is(400,
					"ERR_VALIDATION");
		}
	}

	/** Whatever the route makes of a body, it must be an object of at most 64 KiB. */
	@TestFactory
	Stream<DynamicTest> refusesTheSameBodiesOnEachPathThatReadsOne() {
		return RouteScopes.table()
			.keySet()
			.stream()
			.filter((route) -> route.startsWith("POST /v3/"))
			.map((route) -> DynamicTest.dynamicTest(route, () -> refusesBodies(route)));
	}

	private void refusesBodies(String route) {
		String nested = "[".repeat(30_000) + "]".repeat(30_000);
		for (byte[] body : List.of(text(""), text("null"), text("[]"), text("{"), text("[".repeat(60_000)),
				text(nested), text("{\"ref\":" + nested + "}"), text("{\"a\":".repeat(10_000)), text("{} {}"),
				text("<a/>"), text("{\"value\":1e99999999999}"), text("{\"value\":" + "9".repeat(50_000) + "}"),
				text("type=ADSL"), join(text("{\"ref\":\""), bytes(0xff), text("\"}")), Shots.gzip(text("{}")),
				Shots.gzip(new byte[10_000_000]))) {
			assertThatProblem(raw(route, json("Content-Length", Integer.toString(body.length)), body))
				.is(400, "ERR_VALIDATION")
				.isHarmless();
		}
		byte[] bomb = Shots.gzip(new byte[1_000_000]);
		assertThatProblem(raw(route, Map.of("Content-Type", "application/json", "Content-Encoding", "gzip",
				"Content-Length", Integer.toString(bomb.length)), bomb))
			.is(400, "ERR_VALIDATION");
		assertThatProblem(raw(route, json("Content-Length", Integer.toString(LIMIT + 1)), padded(LIMIT + 1))).is(413,
				"PAYLOAD_TOO_LARGE");
	}

	/** Two servers in a row must not see two ends of one request. */
	@Test
	void refusesWhatHasTwoEnds() {
		for (Framing framing : List.of(Framing.OTHER_LENGTH, Framing.LENGTH_LIST, Framing.NEGATIVE, Framing.HUGE,
				Framing.SIGNED, Framing.SPACED_CHUNKS, Framing.OTHER_CODING, Framing.UNKNOWN_CODING)) {
			assertThat(framed(framing)).as("%s", framing)
				.singleElement()
				.satisfies((reply) -> assertThat(reply.status()).isEqualTo(400));
		}
	}

	/** Not even of a whole order, to which only the end is missing. */
	@Test
	void buysNothingOfABodyThatBreaks() {
		assertThat(framed(Framing.BAD_CHUNK)).isEmpty();
		assertThat(framed(Framing.NO_LAST_CHUNK)).allMatch((reply) -> reply.status() == 400);
		assertThat(framed(Framing.TOO_LONG)).allMatch((reply) -> reply.status() == 400);

		assertThat(get("/v3/internet/check-ref/broken").status()).isEqualTo(404);
	}

	private List<Reply> framed(Framing framing) {
		byte[] order = new JsonMapper().writeValueAsBytes(body("ref", "broken"));
		Shot shot = new Shot("POST", SEND, "HTTP/1.1", GatewayUnderTest.KEY, List.of(), order, framing);
		return new RawHttp(this.gateway.uri()).say(shot.bytes(), GatewayUnderTest.patience()).replies();
	}

	/** Others' bodies may take longer than that, so the gateway is another. */
	@Test
	void waitsForNoBodyWithoutEnd() {
		try (GatewayUnderTest impatient = this.gateway.another(Map.of("gateway.request.timeout", "2s"))) {
			for (String path : List.of(SEND, "/v3/mobile/send", "/v3/gift-cards/placeOrder")) {
				byte[] request = text("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nX-Access-Token: "
						+ GatewayUnderTest.KEY + "\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");

				assertThat(new RawHttp(impatient.uri()).say(request, GatewayUnderTest.patience()).closed()).as(path)
					.isTrue();
			}
		}
	}

	@Test
	void refusesMoreThan64KiBOfStatedLength() {
		assertThatProblem(post(padded(LIMIT + 1), Map.of())).is(413, "PAYLOAD_TOO_LARGE").tellsQuota().isHarmless();
		assertThatProblem(post(padded(20 * LIMIT), Map.of())).is(413, "PAYLOAD_TOO_LARGE");
	}

	@Test
	void reads64KiB() {
		assertThatProblem(post(padded(LIMIT), Map.of())).names("type");
	}

	@Test
	void refusesMoreThan64KiBInChunks() {
		assertThatProblem(chunked(padded(LIMIT), padded(10))).is(413, "PAYLOAD_TOO_LARGE").isHarmless();
		assertThatProblem(chunked(padded(LIMIT))).names("type");
	}

	@Test
	void readsABodyOfAnyContentType() {
		for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data",
				"application/octet-stream")) {
			assertThatProblem(typed(type)).names("type");
		}
	}

	@Test
	void refusesAContentTypeThatIsNone() {
		for (String type : List.of("nonsense", "a/b/c", "application/json; charset=utf-7", "*/json")) {
			assertThatProblem(typed(type)).is(400, "ERR_VALIDATION").isHarmless();
		}
	}

	@Test
	void refusesAMalformedIdempotencyKey() {
		byte[] order = new JsonMapper().writeValueAsBytes(body("ref", null));
		for (String key : List.of("", " ", "k".repeat(256), "two words", "caf\u00e9", "tab\tbed")) {
			assertThatProblem(raw("POST " + SEND,
					Map.of("Idempotency-Key", key, "Content-Length", Integer.toString(order.length)), order))
				.names("Idempotency-Key")
				.isHarmless();
		}
	}

	private Answer typed(String contentType) {
		return raw("POST " + SEND, Map.of("Content-Type", contentType, "Content-Length", "2"), bytes('{', '}'));
	}

	private Answer chunked(byte[]... chunks) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (byte[] chunk : chunks) {
			body.writeBytes((Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
			body.writeBytes(chunk);
			body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
		}
		body.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return raw("POST " + SEND, Map.of("Transfer-Encoding", "chunked"), body.toByteArray());
	}

	/** An object without any known field. */
	private static byte[] padded(int length) {
		byte[] body = ("{\"x\":\"" + "a".repeat(length - 8) + "\"}").getBytes(StandardCharsets.UTF_8);
		assertThat(body).hasSize(length);
		return body;
	}

	private static Map<String, String> json(String name, String value) {
		return Map.of("Content-Type", "application/json", name, value);
	}

	private static byte[] text(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] join(byte[]... parts) {
		return Unpooled.wrappedBuffer(parts).copy().array();
	}

	private static byte[] bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return bytes;
	}

}
