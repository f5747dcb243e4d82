package dz.flexy.gateway.passthrough;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dz.flexy.gateway.orders.OrderId;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * The account's ledger as the upstream wrote it (contract section 3.2), and where the
 * upstream's ids of orders stand in it.
 */
final class Ledger {

	private static final String FIELD = "objid";

	private final byte[] written;

	private final List<Spot> spots;

	private Ledger(byte[] written, List<Spot> spots) {
		this.written = written;
		this.spots = spots;
	}

	/** Of what cannot be read nothing is translated. */
	static Ledger read(byte[] written, JsonMapper json) {
		List<Spot> spots = new ArrayList<>();
		try (JsonParser parser = json.createParser(written)) {
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				if (token == JsonToken.VALUE_STRING && FIELD.equals(parser.currentName())) {
					String id = parser.getString();
					long from = parser.currentTokenLocation().getByteOffset();
					long to = parser.currentLocation().getByteOffset();
					spots.add(new Spot((int) from, (int) to, id));
				}
			}
		}
		catch (JacksonException unreadable) {
			return new Ledger(written, List.of());
		}
		return new Ledger(written, spots);
	}

	/** The upstream's ids that stand in it. */
	Set<String> ids() {
		return this.spots.stream().map(Spot::id).collect(Collectors.toSet());
	}

	/** The same bytes, but for the ids of our orders. */
	byte[] with(Map<String, OrderId> orders) {
		ByteArrayOutputStream translated = new ByteArrayOutputStream(this.written.length);
		int copied = 0;
		for (Spot spot : this.spots) {
			OrderId order = orders.get(spot.id());
			if (order != null) {
				translated.write(this.written, copied, spot.from() - copied);
				translated.writeBytes(('"' + order.value() + '"').getBytes(StandardCharsets.US_ASCII));
				copied = spot.to();
			}
		}
		translated.write(this.written, copied, this.written.length - copied);
		return translated.toByteArray();
	}

	/**
	 * One id, its quotes included.
	 *
	 * @param from offset of its first byte
	 * @param to offset after its last
	 * @param id what it says
	 */
	private record Spot(int from, int to, String id) {
	}

}
