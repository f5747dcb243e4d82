package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The paging and period that lists understand: {@code page} from 1, {@code pageSize} 1 to
 * 100, {@code from} and {@code to} both or neither, inclusive, in milliseconds.
 */
record Paging(int page, int pageSize, Instant from, Instant to) {

	static Paging of(Visit visit) {
		int page = number(visit, "page", 1, Integer.MAX_VALUE, 1);
		int pageSize = number(visit, "pageSize", 1, 100, 20);
		if (visit.query("from").isPresent() != visit.query("to").isPresent()) {
			throw Refused.invalid("from", "", "and to must be given together");
		}
		return new Paging(page, pageSize, time(visit, "from", Instant.MIN), time(visit, "to", Instant.MAX));
	}

	/** One page of the rows, given newest first, under that name. */
	<T> ObjectNode page(String name, List<T> rows, Function<T, Instant> time, Function<T, ObjectNode> render) {
		List<T> matching = rows.stream().filter((row) -> within(time.apply(row))).toList();
		ArrayNode items = Json.array();
		matching.stream().skip((this.page - 1L) * this.pageSize).limit(this.pageSize).map(render).forEach(items::add);
		ObjectNode data = Json.object();
		data.set(name, items);
		data.set("pagination", pagination(matching.size()));
		return data;
	}

	private ObjectNode pagination(int total) {
		return Json.object()
			.put("page", this.page)
			.put("pageSize", this.pageSize)
			.put("totalPages", Math.ceilDiv(total, this.pageSize))
			.put("totalResults", total);
	}

	private boolean within(Instant time) {
		return !time.isBefore(this.from) && !time.isAfter(this.to);
	}

	static int number(Visit visit, String name, int least, int most, int absent) {
		String text = visit.query(name).orElse(Integer.toString(absent));
		if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
			throw Refused.invalid(name, text, "must be >= " + least + " and <= " + most);
		}
		return Integer.parseInt(text);
	}

	static Instant time(Visit visit, String name, Instant absent) {
		String text = visit.query(name).orElse("");
		try {
			return text.isEmpty() ? absent : OffsetDateTime.parse(text).toInstant();
		}
		catch (DateTimeParseException ex) {
			throw Refused.invalid(name, text, "must match format \"date-time\"");
		}
	}

}
