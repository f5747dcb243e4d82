package dz.flexy.gateway.passthrough;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.SendStop;
import dz.flexy.gateway.account.SendStops;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Onward;
import dz.flexy.gateway.upstream.Relay;
import dz.flexy.gateway.upstream.Reply;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Passes requests on and their answers back. */
@Component
class PassthroughHandler {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Relay relay;

	private final Payments payments;

	private final Orders orders;

	private final Accounts accounts;

	private final SendStops sendStops;

	private final JsonMapper json;

	private final Duration lookupWait;

	private final boolean hold;

	PassthroughHandler(Relay relay, Payments payments, Orders orders, Accounts accounts, SendStops sendStops,
			JsonMapper json, PassthroughProperties properties, HoldProperties sending) {
		this.hold = sending.hold();
		this.relay = relay;
		this.payments = payments;
		this.orders = orders;
		this.accounts = accounts;
		this.sendStops = sendStops;
		this.json = json;
		this.lookupWait = properties.lookupWait();
	}

	Mono<ServerResponse> pass(ServerRequest request, Endpoint endpoint) {
		Caller caller = Caller.of(request, endpoint.scope());
		Onward onward = new Onward(endpoint.label(), endpoint.method(),
				Target.of(request.exchange().getRequest(), endpoint),
				HeaderRules.onward(request.headers().asHttpHeaders()), endpoint.kind() == Endpoint.Kind.FILE);
		return (endpoint.kind() == Endpoint.Kind.PAYMENT)
				? payment(request, endpoint, caller, onward).flatMap(Answers::writeOfPayment)
				: reply(request, endpoint, caller, onward).flatMap(Answers::write);
	}

	private Mono<Reply> payment(ServerRequest request, Endpoint endpoint, Caller caller, Onward onward) {
		if (this.hold) {
			return Mono.error(Problem.of(ErrorCode.UPSTREAM_UNAVAILABLE, "sending is on hold").money(false, true));
		}
		return this.sendStops.of(caller.account())
			.flatMap((stop) -> Mono.<Body>error(SendStop.refusal()))
			.switchIfEmpty(Mono.defer(() -> Body.of(request, this.json)))
			.flatMap((body) -> this.payments.make(caller, this.accounts.get(caller.account()), endpoint, onward, body));
	}

	private Mono<Reply> reply(ServerRequest request, Endpoint endpoint, Caller caller, Onward onward) {
		Account account = this.accounts.get(caller.account());
		Call call = Call.lookup(account, this.lookupWait);
		if (endpoint.method().equals(HttpMethod.POST)) {
			return Body.of(request, this.json)
				.flatMap((body) -> this.relay.pass(call, onward, body.sent().bytes()))
				.map(Answers::replyOrThrow);
		}
		Mono<Reply> read = this.relay.pass(call, onward).map(Answers::replyOrThrow);
		return (endpoint.kind() == Endpoint.Kind.LEDGER) ? read.flatMap((reply) -> translated(account, reply)) : read;
	}

	/** The ledger names our orders by ids that our callers never saw. */
	private Mono<Reply> translated(Account account, Reply reply) {
		if (!(reply instanceof Reply.Whole whole)) {
			return Mono.just(reply);
		}
		Ledger ledger = Ledger.read(whole.json().bytes(), this.json);
		return this.orders.byUpstreamIds(account.id(), ledger.ids())
			.timeout(PATIENCE)
			.onErrorMap(TimeoutException.class, (late) -> storeUnavailable())
			.map((known) -> whole.with(ledger.with(known)));
	}

	private static Problem storeUnavailable() {
		return Problem.of(ErrorCode.STORE_UNAVAILABLE, "the gateway's database does not answer").money(false, true);
	}

}
