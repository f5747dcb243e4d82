package dz.flexy.gateway.reconciliation;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.SendStop;
import dz.flexy.gateway.account.SendStops;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.reconciliation.MoveStore.Subject;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** How each account stands, and the stop of its sends. */
@Component
class OperatorAccountHandler {

	/** As long as a send waits for its permit. */
	private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

	private final Accounts accounts;

	private final SendStops stops;

	private final Upstream upstream;

	private final Replicas replicas;

	private final MoveLog log;

	private final Envelope envelope;

	private final JsonMapper json;

	OperatorAccountHandler(Accounts accounts, SendStops stops, Upstream upstream, Replicas replicas, MoveLog log,
			Envelope envelope, JsonMapper json) {
		this.accounts = accounts;
		this.stops = stops;
		this.upstream = upstream;
		this.replicas = replicas;
		this.log = log;
		this.envelope = envelope;
		this.json = json;
	}

	/** {@code GET /operator/accounts}: as the replica that answers sees them. */
	Mono<ServerResponse> list(ServerRequest request) {
		Caller.of(request, Scope.OPERATOR);
		return Flux
			.fromStream(
					() -> this.accounts.all().stream().sorted(Comparator.comparing((account) -> account.id().value())))
			.concatMap(this::view)
			.collectList()
			.flatMap((items) -> this.envelope.ok(request,
					new View().put("replicas", this.replicas.live()).put("items", items).fields()));
	}

	Mono<ServerResponse> stopSends(ServerRequest request) {
		return changed(request, "stop-sends", "the sends of the account are stopped already", this.stops::stop);
	}

	Mono<ServerResponse> resumeSends(ServerRequest request) {
		return changed(request, "resume-sends", "the sends of the account are not stopped", this.stops::resume);
	}

	private Mono<ServerResponse> changed(ServerRequest request, String name, String refusal, Verb verb) {
		return Instruction.read(request, this.json).flatMap((instruction) -> {
			Account account = account(request.pathVariable("account"));
			Move move = instruction.move(name);
			Mono<SendStop> change = verb.apply(account.id(), move.who().value(), move.request().value(), move.reason())
				.switchIfEmpty(Mono.error(() -> Problem.of(ErrorCode.MOVE_REFUSED, refusal)
					.detail("account", account.id().value())
					.money(false, true)));
			return this.log.watched(Subject.ACCOUNT, account.id().value(), move, change).thenReturn(account);
		})
			.flatMap((account) -> view(account).zipWith(this.log.of(Subject.ACCOUNT, account.id().value())))
			.flatMap((seen) -> this.envelope.ok(request, new View(seen.getT1()).put("moves", seen.getT2()).fields()));
	}

	private Account account(String name) {
		return this.accounts.all()
			.stream()
			.filter((account) -> account.id().value().equals(name))
			.findFirst()
			.orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND, "no such account").money(false, true));
	}

	private Mono<Map<String, Object>> view(Account account) {
		Mono<Map<String, Object>> standing = this.accounts.standing(account)
			.map(OperatorAccountHandler::view)
			.onErrorReturn(Map.of("state", "UNKNOWN"));
		Mono<Optional<SendStop>> stop = this.stops.of(account.id()).map(Optional::of).defaultIfEmpty(Optional.empty());
		return Mono.zip(standing, stop).map((known) -> view(account, known.getT1(), known.getT2()));
	}

	private Map<String, Object> view(Account account, Map<String, Object> standing, Optional<SendStop> stop) {
		List<String> resting = Family.SOLD.stream()
			.filter((family) -> this.upstream.restsFromSending(account, family, LONGEST_WAIT))
			.map(Family::label)
			.toList();
		return new View().put("account", account.id().value())
			.put("type", account.type().name())
			.put("exclusive", account.exclusive())
			.put("standing", standing)
			.put("sendStop", stop.map(OperatorAccountHandler::view).orElse(null))
			.put("limit", account.limit())
			.put("windowSeconds", account.window().toSeconds())
			.put("nextCallInMillis", this.upstream.timeFor(account, 1).toMillis())
			.put("familiesAtRest", resting)
			.fields();
	}

	private static Map<String, Object> view(SendStop stop) {
		return new View().put("since", stop.since()).put("who", stop.who()).put("reason", stop.reason()).fields();
	}

	private static Map<String, Object> view(Standing standing) {
		return switch (standing) {
			case Standing.Unverified() -> new View().put("state", "UNVERIFIED").fields();
			case Standing.Active active -> new View().put("state", "ACTIVE")
				.put("username", active.username())
				.put("readOnly", active.readOnly())
				.fields();
			case Standing.Stopped stopped -> new View().put("state", "STOPPED")
				.put("reason", stopped.reason())
				.put("until", stopped.until())
				.fields();
		};
	}

	/** How it is made. */
	@FunctionalInterface
	private interface Verb {

		Mono<SendStop> apply(AccountId account, String who, String requestId, String reason);

	}

}
