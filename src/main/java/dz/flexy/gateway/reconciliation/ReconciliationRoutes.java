package dz.flexy.gateway.reconciliation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
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

	/** More are counted and not shown. */
	private static final int BREAKS = 1000;

	private final Runs runs;

	private final RunStore runRows;

	private final BreakStore breaks;

	private final Accounts accounts;

	private final Envelope envelope;

	ReconciliationRoutes(Runs runs, RunStore runRows, BreakStore breaks, Accounts accounts, Envelope envelope) {
		this.runs = runs;
		this.runRows = runRows;
		this.breaks = breaks;
		this.accounts = accounts;
		this.envelope = envelope;
	}

	@Override
	public RouterFunction<ServerResponse> routes() {
		return RouterFunctions.route()
			.GET("/operator/reconciliation", this::report)
			.POST("/operator/reconciliation", this::ask)
			.build();
	}

	private Mono<ServerResponse> report(ServerRequest request) {
		List<String> names = asked(request).stream().map((account) -> account.id().value()).toList();
		return Mono
			.zip(this.runRows.latest(names, RUNS).collectList(), this.breaks.open(names, BREAKS).collectList(),
					this.breaks.counts().filter((count) -> names.contains(count.account())).collectList(),
					this.runRows.due().collectMap(RunStore.Due::account, RunStore.Due::at))
			.flatMap((read) -> {
				Map<String, Object> data = new LinkedHashMap<>();
				data.put("accounts",
						names.stream().map((name) -> account(name, read.getT1(), read.getT3(), read.getT4())).toList());
				data.put("breaks", read.getT2().stream().map(ReconciliationRoutes::view).toList());
				return this.envelope.ok(request, data);
			});
	}

	private Mono<ServerResponse> ask(ServerRequest request) {
		Collection<Account> asked = asked(request);
		return this.runs.ask(asked).collectList().flatMap((running) -> {
			Map<String, Object> data = new LinkedHashMap<>();
			data.put("accounts", asked.stream().map((account) -> account.id().value()).toList());
			data.put("running", running);
			return this.envelope.write(HttpStatus.ACCEPTED, this.envelope.success(request, data));
		});
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
