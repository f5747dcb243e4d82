package dz.flexy.gateway.reconciliation;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.reconciliation.StatementStore.Line;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * {@code GET /operator/statements}: what each caller ordered on each day, as JSON or CSV.
 * A day is UTC's and of acceptance: a refund that comes later changes the row of the day
 * on which the order was accepted.
 */
@Component
class StatementHandler {

	private static final int MOST_DAYS = 92;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);

	private final StatementStore store;

	private final Envelope envelope;

	private final Clock clock;

	StatementHandler(StatementStore store, Envelope envelope, Clock clock) {
		this.store = store;
		this.envelope = envelope;
		this.clock = clock;
	}

	Mono<ServerResponse> statement(ServerRequest request) {
		Caller.of(request, Scope.OPERATOR);
		Parameters query = new Parameters(request);
		Optional<String> format = query.oneOf("format", List.of("json", "csv"));
		boolean csv = format.map("csv"::equals)
			.orElseGet(() -> request.headers().accept().stream().anyMatch(CSV::equalsTypeAndSubtype));
		Days days = days(query);
		return this.store
			.lines(days.from().atStartOfDay().toInstant(ZoneOffset.UTC),
					days.to().plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC), query.text("caller"))
			.collectList()
			.timeout(PATIENCE, Mono.error(StatementHandler::tooMuch))
			.flatMap(
					(lines) -> csv ? csv(days, lines) : this.envelope.ok(request, Map.of("from", days.from().toString(),
							"to", days.to().toString(), "items", lines.stream().map(StatementHandler::view).toList())));
	}

	private static Problem tooMuch() {
		return Problem.of(ErrorCode.STORE_UNAVAILABLE, "the database takes too long: ask for fewer days")
			.money(false, true);
	}

	/** Both dates or none; without them yesterday and today. */
	private Days days(Parameters query) {
		Optional<LocalDate> from = date(query, "from");
		Optional<LocalDate> to = date(query, "to");
		if (from.isEmpty() && to.isEmpty()) {
			LocalDate today = LocalDate.ofInstant(this.clock.instant(), ZoneOffset.UTC);
			return new Days(today.minusDays(1), today);
		}
		if (from.isEmpty() || to.isEmpty()) {
			throw Parameters.problem(from.isEmpty() ? "from" : "to", "is required: from and to go together");
		}
		long length = ChronoUnit.DAYS.between(from.get(), to.get()) + 1;
		if (length < 1 || length > MOST_DAYS) {
			throw Parameters.problem("to", "must be from 0 to " + (MOST_DAYS - 1) + " days after from");
		}
		return new Days(from.get(), to.get());
	}

	/** Years that the database can compare with. */
	private static Optional<LocalDate> date(Parameters query, String name) {
		return query.text(name).map((text) -> {
			try {
				if (text.matches("[12][0-9]{3}-[0-9]{2}-[0-9]{2}")) {
					return LocalDate.parse(text);
				}
			}
			catch (DateTimeException noDay) {
				// told below
			}
			throw Parameters.problem(name, "must be a day such as 2026-01-31");
		});
	}

	private static Map<String, Object> view(Line line) {
		return new View().put("date", line.day().toString())
			.put("caller", line.caller())
			.put("kind", line.kind())
			.put("count", line.accepted())
			.put("bought", line.bought())
			.put("spent", line.spent())
			.put("unpriced", line.unpriced())
			.put("refunded", line.refunded())
			.put("refundedValue", line.refundedValue())
			.put("open", line.open())
			.put("openValue", line.openValue())
			.put("rejected", line.rejected())
			.fields();
	}

	private static Mono<ServerResponse> csv(Days days, List<Line> lines) {
		Csv csv = new Csv();
		csv.row("date", "caller", "kind", "count", "bought", "spent", "unpriced", "refunded", "refundedValue", "open",
				"openValue", "rejected");
		for (Line line : lines) {
			csv.row(line.day().toString(), line.caller(), line.kind(), line.accepted(), line.bought(), line.spent(),
					line.unpriced(), line.refunded(), line.refundedValue(), line.open(), line.openValue(),
					line.rejected());
		}
		return ServerResponse.ok()
			.contentType(CSV)
			.header("Content-Disposition",
					"attachment; filename=\"statement-" + days.from() + "-" + days.to() + ".csv\"")
			.bodyValue(csv.text());
	}

	private record Days(LocalDate from, LocalDate to) {
	}

}
