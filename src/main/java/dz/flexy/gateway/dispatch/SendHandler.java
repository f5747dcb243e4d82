package dz.flexy.gateway.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.orders.GivenAnswer;
import dz.flexy.gateway.orders.IdempotencyKeyTaken;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.NewOrder;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.signal.Closing;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Accepts orders: local checks, then one commit, then a wait for what becomes of it. From
 * the commit on nothing depends on the caller still being there.
 */
@Component
class SendHandler {

	/** After that the id is all that a stopping replica can tell. */
	private static final Duration LAST_ANSWERS = Duration.ofMillis(1500);

	private static final byte[] NOTHING = new byte[0];

	private static final Set<String> REPEATS = Set.of(ErrorCode.DUPLICATED_REF.name(),
			ErrorCode.SPEND_LIMIT_EXCEEDED.name());

	private final Orders orders;

	private final Accounts accounts;

	private final LocalChecks checks;

	private final CutOver cutOver;

	private final Backlog backlog;

	private final Answers answers;

	private final DispatchProperties properties;

	private final JsonMapper json;

	private final Closing closing;

	private final Clock clock;

	SendHandler(Orders orders, Accounts accounts, LocalChecks checks, CutOver cutOver, Backlog backlog, Answers answers,
			DispatchProperties properties, JsonMapper json, Closing closing, Clock clock) {
		this.closing = closing;
		this.orders = orders;
		this.accounts = accounts;
		this.checks = checks;
		this.cutOver = cutOver;
		this.backlog = backlog;
		this.answers = answers;
		this.properties = properties;
		this.json = json;
		this.clock = clock;
	}

	/** {@code POST /v3/internet/send}. */
	Mono<ServerResponse> internet(ServerRequest request) {
		return send(request, SendBody.Internet::read);
	}

	/** {@code POST /v3/mobile/send}. */
	Mono<ServerResponse> mobile(ServerRequest request) {
		return send(request, SendBody.Mobile::read);
	}

	/** {@code POST /v3/gift-cards/placeOrder}. */
	Mono<ServerResponse> giftCards(ServerRequest request) {
		return send(request, SendBody.GiftCards::read);
	}

	private Mono<ServerResponse> send(ServerRequest request, Function<JsonNode, SendBody> read) {
		Caller caller = Caller.of(request, Scope.ORDERS_WRITE);
		Instant arrival = this.clock.instant();
		return request.bodyToMono(byte[].class)
			.defaultIfEmpty(NOTHING)
			.map((body) -> SendRequest.read(request, caller, body, this.json))
			.flatMap((send) -> answer(request, send, read.apply(send.body()), arrival));
	}

	private Mono<ServerResponse> answer(ServerRequest request, SendRequest send, SendBody body, Instant arrival) {
		return this.answers.replay(request, send)
			.switchIfEmpty(Mono
				.defer(() -> admit(send.caller(), body).flatMap((item) -> commit(request, send, body, item, arrival))))
			.onErrorResume(SendHandler::mayBeARepeat,
					(used) -> this.answers.replay(request, send).switchIfEmpty(Mono.error(used)))
			.onErrorResume(IdempotencyKeyTaken.class, (taken) -> this.answers.replay(request, send)
				.switchIfEmpty(Mono.error(() -> new IllegalStateException("idempotency key vanished"))));
	}

	/**
	 * The key is looked at before the ref and the spend limit, so a request that overtook
	 * its own first copy is not told that its ref is another's, or its money spent.
	 */
	private static boolean mayBeARepeat(Throwable failure) {
		return failure instanceof Problem problem && REPEATS.contains(problem.code());
	}

	/** What can be refused without a commit. */
	private Mono<Item> admit(Caller caller, SendBody body) {
		Account account = this.accounts.get(caller.account());
		return this.checks.item(caller, body)
			.onErrorResume(Problem.class, (refusal) -> usedEarlier(caller, body).then(Mono.error(refusal)))
			.flatMap((item) -> this.backlog.admit(account, caller, deadline(caller)).thenReturn(item));
	}

	/**
	 * A repeated ref is told so even when the card has sold out since: its order may have
	 * been bought.
	 */
	private Mono<Void> usedEarlier(Caller caller, SendBody body) {
		return Mono.justOrEmpty(body.ref()).flatMap((ref) -> {
			Mono<?> own = this.orders.findByRef(caller.id(), body.family(), ref);
			Mono<?> direct = caller.direct(this.clock.instant())
					? this.cutOver.byRef(caller.account(), body.family(), ref) : Mono.empty();
			return own.cast(Object.class)
				.switchIfEmpty(direct)
				.flatMap((earlier) -> Mono
					.<Void>error(Problem.of(ErrorCode.DUPLICATED_REF, "this ref has been used before")
						.detail("ref", ref)
						.money(false, false)));
		});
	}

	private Mono<ServerResponse> commit(ServerRequest request, SendRequest send, SendBody body, Item item,
			Instant arrival) {
		Optional<Order.Answered> answered = send.asynchronous() ? Optional.of(Order.Answered.ACCEPTED)
				: Optional.empty();
		NewOrder row = new NewOrder(send.caller(), body.family(), body.ref(), item, deadline(send.caller()), answered,
				body.ref().isPresent() && send.caller().direct(arrival), send.idempotency());
		Mono<Order> accepted = this.orders.accept(row).doOnNext((accept) -> this.backlog.accepted(send.caller()));
		return send.asynchronous()
				? Detached.run(accepted).flatMap((accept) -> this.answers.accepted(request, send, accept))
				: Detached.run(accepted.flatMap((accept) -> told(request, send, accept, arrival)))
					.flatMap(this.answers::write);
	}

	private Mono<GivenAnswer> told(ServerRequest request, SendRequest send, Order order, Instant arrival) {
		Duration left = this.properties.sendWait().minus(Duration.between(arrival, this.clock.instant()));
		return this.orders.outcome(order.id())
			.takeUntilOther(this.closing.begun().then(Mono.delay(LAST_ANSWERS)))
			.timeout(left.isNegative() ? Duration.ZERO : left, Mono.empty())
			.onErrorComplete()
			.then(this.answers.decide(request, send, order));
	}

	private Duration deadline(Caller caller) {
		return caller.sendDeadline().orElse(this.properties.sendDeadline());
	}

}
