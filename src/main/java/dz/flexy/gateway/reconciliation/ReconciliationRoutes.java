package dz.flexy.gateway.reconciliation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestId;
import dz.flexy.gateway.reconciliation.MoveStore.Subject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The report on the comparisons, and how to ask for one. */
@Component
class ReconciliationRoutes implements OperatorRouting {

	private static final int RUNS = 10;

	private static final Logger log = LoggerFactory.getLogger(ReconciliationRoutes.class);

	private static final Pattern BREAK = Pattern.compile("[1-9][0-9]{0,17}");

	private static final List<String> CLASSES = Arrays.stream(BreakClass.values()).map(Enum::name).toList();

	private final Runs runs;

	private final RunStore runRows;

	private final BreakStore breaks;

	private final Accounts accounts;

	private final MoveLog moves;

	private final Envelope envelope;

	private final JsonMapper json;

	ReconciliationRoutes(Runs runs, RunStore runRows, BreakStore breaks, Accounts accounts, MoveLog moves,
			Envelope envelope, JsonMapper json) {
		this.runs = runs;
		this.runRows = runRows;
		this.breaks = breaks;
		this.accounts = accounts;
		this.moves = moves;
		this.envelope = envelope;
		this.json = json;
	}

	@Override
	public RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/operator/reconciliation", this::report)
			.POST("/operator/reconciliation", this::ask)
			.POST("/operator/reconciliation/breaks/{id}/settle", this::settle)
			.build();
	}

	private Mono<ServerResponse> report(ServerRequest request) {
		Caller.of(request, Scope.OPERATOR);
		Parameters query = new Parameters(request);
		int limit = query.limit();
		long before = query.text("cursor").map(ReconciliationRoutes::place).orElse(Long.MAX_VALUE);
		Optional<String> kind = query.oneOf("class", CLASSES);
		boolean resolved = query.oneOf("resolved", List.of("true", "false")).filter("true"::equals).isPresent();
		List<String> names = asked(request).stream().map((account) -> account.id().value()).toList();
		return Mono
			.zip(this.runRows.latest(names, RUNS).collectList(),
					this.breaks.page(names, kind, resolved, before, limit + 1).collectList(),
					this.breaks.counts().filter((count) -> names.contains(count.account())).collectList(),
					this.runRows.due().collectMap(RunStore.Due::account, RunStore.Due::at))
			.flatMap((read) -> {
				Map<String, Object> data = new LinkedHashMap<>();
				data.put("accounts",
						names.stream().map((name) -> account(name, read.getT1(), read.getT3(), read.getT4())).toList());
				List<BreakStore.Break> shown = read.getT2().subList(0, Math.min(limit, read.getT2().size()));
				data.put("breaks", shown.stream().map(ReconciliationRoutes::view).toList());
				if (read.getT2().size() > limit) {
					data.put("nextCursor", Long.toString(shown.getLast().id()));
				}
				return this.envelope.ok(request, data);
			});
	}

	private Mono<ServerResponse> ask(ServerRequest request) {
		Caller who = Caller.of(request, Scope.OPERATOR);
		Collection<Account> asked = asked(request);
		return this.runs.ask(asked).collectList().flatMap((running) -> {
			log.info("comparison of {} asked for by {} ({})", asked.stream().map(Account::id).toList(), who.id(),
					RequestId.of(request.exchange()));
			Map<String, Object> data = new LinkedHashMap<>();
			data.put("accounts", asked.stream().map((account) -> account.id().value()).toList());
			data.put("running", running);
			return this.envelope.write(HttpStatus.ACCEPTED, this.envelope.success(request, data));
		});
	}

	private Mono<ServerResponse> settle(ServerRequest request) {
		return Instruction.read(request, this.json)
			.zipWhen((instruction) -> found(request.pathVariable("id")))
			.flatMap((both) -> {
				long id = both.getT2().id();
				Move move = both.getT1().move("settle");
				return this.moves.watched(Subject.BREAK, Long.toString(id), move,
						this.breaks.settle(id, move).switchIfEmpty(Mono.error(() -> refused(both.getT2()))));
			})
			.flatMap((settled) -> this.moves.of(Subject.BREAK, Long.toString(settled.id()))
				.flatMap((moves) -> this.envelope.ok(request, new View(view(settled)).put("moves", moves).fields())));
	}

	private Mono<BreakStore.Break> found(String id) {
		return Mono.just(id)
			.filter((text) -> BREAK.matcher(text).matches())
			.flatMap((text) -> this.breaks.find(Long.parseLong(text)))
			.switchIfEmpty(Mono.error(() -> Problem.of(ErrorCode.NOT_FOUND, "no such break").money(false, true)));
	}

	private static Problem refused(BreakStore.Break found) {
		return Problem.of(ErrorCode.MOVE_REFUSED, "the break is not open")
			.detail("break", found.id())
			.money(false, true);
	}

	private static long place(String cursor) {
		if (!BREAK.matcher(cursor).matches()) {
			throw Parameters.problem("cursor", "is not one that was given out");
		}
		return Long.parseLong(cursor);
	}

	private Collection<Account> asked(ServerRequest request) {
		Optional<String> name = request.queryParam("account");
		List<Account> asked = this.accounts.all()
			.stream()
			.filter((account) -> name.isEmpty() || name.get().equals(account.id().value()))
			.toList();
		if (asked.isEmpty()) {
			throw Problem.of(ErrorCode.NOT_FOUND, "no such account");
		}
		return asked;
	}

	private static Map<String, Object> account(String name, List<RunStore.Past> runs, List<BreakStore.Count> counts,
			Map<String, Instant> due) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("account", name);
		put(view, "nextAt", due.get(name));
		Map<String, Object> open = new LinkedHashMap<>();
		for (BreakClass kind : BreakClass.values()) {
			open.put(kind.name(),
					counts.stream()
						.filter((count) -> count.account().equals(name) && count.kind() == kind)
						.mapToLong(BreakStore.Count::open)
						.sum());
		}
		view.put("open", open);
		List<Map<String, Object>> past = new ArrayList<>();
		runs.stream().filter((run) -> run.account().equals(name)).forEach((run) -> past.add(view(run)));
		view.put("runs", past);
		return view;
	}

	private static Map<String, Object> view(RunStore.Past run) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("run", run.id());
		view.put("state", run.state());
		view.put("asked", run.asked());
		put(view, "startedAt", run.startedAt());
		put(view, "endedAt", run.endedAt());
		put(view, "from", run.from());
		put(view, "to", run.to());
		put(view, "reason", run.reason());
		put(view, "counts", (run.counts() != null) ? new RawValue(run.counts()) : null);
		return view;
	}

	private static Map<String, Object> view(BreakStore.Break found) {
		Finding finding = found.finding();
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("break", found.id());
		view.put("account", found.account().value());
		view.put("class", found.kind().name());
		view.put("family", finding.family().label());
		put(view, "orderId", finding.orderId().isEmpty() ? null : finding.orderId());
		put(view, "upstreamId", finding.upstreamId().isEmpty() ? null : finding.upstreamId());
		view.put("detail", finding.difference().detail());
		put(view, "amount", finding.difference().amount());
		put(view, "happenedAt", finding.happenedAt());
		put(view, "since", found.firstSeenAt());
		put(view, "lastSeenAt", found.lastSeenAt());
		put(view, "resolvedAt", found.resolvedAt());
		put(view, "resolution", found.resolution());
		return view;
	}

	private static void put(Map<String, Object> view, String name, @Nullable Object value) {
		if (value instanceof Instant instant) {
			view.put(name, Envelope.timestamp(instant));
		}
		else if (value != null) {
			view.put(name, value);
		}
	}

}
