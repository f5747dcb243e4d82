package dz.flexy.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** Bodies that are no order at all. */
class BadBodyScenarioTest extends BadInputScenario {

	private static final int LIMIT = 64 * 1024;

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
