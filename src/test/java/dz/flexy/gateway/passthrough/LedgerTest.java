package dz.flexy.gateway.passthrough;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dz.flexy.gateway.orders.OrderId;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class LedgerTest {

	private static final Map<String, OrderId> ORDERS = Map.of("u-1", new OrderId("aaaaaaaaaaaaaaaaaaaaaaaa"), "é\"",
			new OrderId("bbbbbbbbbbbbbbbbbbbbbbbb"));

	@Test
	void changesIdsOfOrdersAndNotAByteMore() {
		assertThat(translated("{\"a\" : [ {\"objid\" : \"u-1\" , \"n\": 1.50, \"o\":\"u-1\"},{\"objid\":\"u-9\"}] }"))
			.isEqualTo("{\"a\" : [ {\"objid\" : \"aaaaaaaaaaaaaaaaaaaaaaaa\" , \"n\": 1.50, \"o\":\"u-1\"},"
					+ "{\"objid\":\"u-9\"}] }");
	}

	@Test
	void countsBytesAndReadsEscapes() {
		assertThat(translated("{\"x\":\"é€😀\",\"objid\":\"\\u00e9\\\"\",\"y\":\"é\",\"objid\":\"u-1\"}"))
			.isEqualTo("{\"x\":\"é€😀\",\"objid\":\"bbbbbbbbbbbbbbbbbbbbbbbb\",\"y\":\"é\","
					+ "\"objid\":\"aaaaaaaaaaaaaaaaaaaaaaaa\"}");
	}

	@Test
	void leavesWhatIsNoTextAndWhatIsNoJson() {
		for (String other : new String[] { "{\"objid\":null,\"x\":\"u-1\"}", "{\"objid\":{\"id\":\"u-1\"}}",
				"{\"objid\":\"u-1\"", "", "{\"objid\":[\"u-1\"]}" }) {
			assertThat(translated(other)).isEqualTo(other);
		}
	}

	private static String translated(String ledger) {
		byte[] bytes = ledger.getBytes(StandardCharsets.UTF_8);
		return new String(Ledger.read(bytes, new JsonMapper()).with(ORDERS), StandardCharsets.UTF_8);
	}

}
