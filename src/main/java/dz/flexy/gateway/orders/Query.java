package dz.flexy.gateway.orders;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.orders.OrderListStore.Range;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;

import org.springframework.web.reactive.function.server.ServerRequest;

/** Reads list parameters (contract section 1.6); each failure names its field. */
record Query(ServerRequest request) {

	/** In place of a caller's name, which has no such character. */
	private static final String EVERYBODY = "*";

	private static final Set<String> STATUSES = Stream.of(OrderState.values())
		.flatMap((state) -> Stream.of(Family.values()).map(state::status))
		.collect(Collectors.toCollection(TreeSet::new));

	int number(String name, int otherwise, int most) {
		Optional<String> text = value(name);
		if (text.isEmpty()) {
			return otherwise;
		}
		try {
			int number = Integer.parseInt(text.get());
			if (number >= 1 && number <= most) {
				return number;
			}
		}
		catch (NumberFormatException malformed) {
			// told below
		}
		throw problem(name, "must be a whole number from 1 to " + most);
	}

	/**
	 * Both dates or none, both with their zone. One that begins behind its end holds
	 * nothing: the contract names no error for it.
	 */
	Range range() {
		Optional<String> from = value("from");
		Optional<String> to = value("to");
		if (from.isEmpty() && to.isEmpty()) {
			return Range.ALL;
		}
		if (from.isEmpty() || to.isEmpty()) {
			throw problem(from.isEmpty() ? "from" : "to", "is required: from and to go together");
		}
		return new Range(instant("from", from.get()), instant("to", to.get()));
	}

	Optional<Cursor> cursor() {
		return value("cursor")
			.map((text) -> Cursor.parse(text).orElseThrow(() -> problem("cursor", "is not one that was given out")));
	}

	/**
	 * Whose orders: the reader's own if nothing is said. Others' are for operators.
	 */
	Whose whose(Caller reader) {
		Optional<String> caller = text("caller");
		if (caller.isEmpty()) {
			return new Whose(Optional.of(reader.id()), false);
		}
		if (!caller.get().equals(reader.id().value())) {
			reader.demand(Scope.OPERATOR);
		}
		return new Whose(caller.filter((name) -> !name.equals(EVERYBODY)).map(CallerId::new), true);
	}

	/** One of the words that callers see for a state. */
	Optional<String> status() {
		Optional<String> status = value("status");
		if (status.isPresent() && !STATUSES.contains(status.get())) {
			throw problem("status", "must be one of " + String.join(", ", STATUSES));
		}
		return status;
	}

	Optional<Boolean> flag(String name) {
		return value(name).map((text) -> switch (text) {
			case "true" -> true;
			case "false" -> false;
			default -> throw problem(name, "must be true or false");
		});
	}

	Optional<String> text(String name) {
		return value(name).map((text) -> stored(name, text));
	}

	Map<String, String> filters() {
		Map<String, String> filters = new LinkedHashMap<>();
		for (String name : OrderListStore.FILTERS) {
			text(name).ifPresent((value) -> filters.put(name, value));
		}
		String ended = filters.getOrDefault(OrderListStore.FINAL, "true");
		if (!ended.equals("true") && !ended.equals("false")) {
			throw problem(OrderListStore.FINAL, "must be true or false");
		}
		return filters;
	}

	/** Of two values neither is known to be meant. */
	private Optional<String> value(String name) {
		List<String> values = this.request.queryParams().get(name);
		if (values != null && values.size() > 1) {
			throw problem(name, "must be given once");
		}
		return this.request.queryParam(name);
	}

	/** The database takes no NUL. */
	private static String stored(String name, String value) {
		if (value.indexOf(0) >= 0) {
			throw problem(name, "must not contain NUL");
		}
		return value;
	}

	private static Instant instant(String name, String text) {
		try {
			// A plus sign that was not escaped arrives as a space.
			Instant instant = OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
			return Range.ALL.nearest(instant);
		}
		catch (DateTimeException malformed) {
			throw problem(name, "must be an ISO 8601 date-time with its zone, like 2025-10-29T00:35:58Z");
		}
	}

	private static Problem problem(String field, String rule) {
		return Problem.of(ErrorCode.ERR_VALIDATION, field + " " + rule).detail("field", field).money(false, true);
	}

	/**
	 * Whose orders are asked for.
	 *
	 * @param caller empty for everybody's
	 * @param others whether the reader named somebody, so that each order says whose it
	 * is
	 */
	record Whose(Optional<CallerId> caller, boolean others) {
	}

}
