package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.RoutesUnderTest;
import dz.flexy.gateway.RoutesUnderTest.Answer;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.orders.Idempotency;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.signal.Closing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What senders are answered while nothing sends: an order stays accepted unless the test
 * moves it. Answers wait for 1.5 s.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SendRoutesTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Duration A_LONG_WAIT = Duration.ofSeconds(15);

	private static final Map<String, String> ASYNC = Map.of("Prefer", "respond-async");

	private LedgerUnderTest ledger;

	private RoutesUnderTest routes;

	/** With a send-wait that nothing here outlasts. */
	private RoutesUnderTest patient;

	private Caller shop;

	private int refs;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start(Map.of("gateway.dispatch.send-wait", "1500ms"));
		DispatchProperties open = this.ledger.bean(DispatchProperties.class);
		this.routes = routes(this.ledger, open);
		this.patient = routes(this.ledger, new DispatchProperties(A_LONG_WAIT, open.sendDeadline(), open.hold(),
				open.sendWithin(), open.absenceMargin(), open.absenceGap(), open.giftCardWait(), open.parallel()));
		this.shop = caller(Set.of(Scope.ORDERS_WRITE), Optional.empty(), Optional.empty());
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@AfterEach
	void mend() {
		this.ledger.execute("drop function if exists meddle cascade");
		this.ledger.execute("drop sequence if exists meddled");
	}

	@Test
	void internetOrdersAreAccepted() {
		Answer answer = send("/v3/internet/send", internet("async-1"), ASYNC);

		assertThat(answer.status()).isEqualTo(202);
		Order order = order(answer.data().path("topupId").asString());
		assertThat(answer.data().path("topupRef").asString()).isEqualTo("async-1");
		assertThat(answer.headers().getFirst("Location")).isEqualTo("/orders/" + order.id());
		assertThat(answer.headers().getFirst("Preference-Applied")).isEqualTo("respond-async");
		assertThat(order.state()).isEqualTo(OrderState.ACCEPTED);
		assertThat(order.answered()).contains(Order.Answered.ACCEPTED);
		assertThat(order.item().product()).isEqualTo("ADSL");
		assertThat(deadline(order)).isEqualTo(Duration.ofMinutes(2));
	}

	@Test
	void mobileOrdersAreAccepted() {
		Answer answer = send("/v3/mobile/send", mobile("PREPAID_DJEZZY", 500, "async-2"), ASYNC);

		assertThat(answer.status()).isEqualTo(202);
		assertThat(order(answer.data().path("topupId").asString()).item().value()).isEqualByComparingTo("500");
	}

	@Test
	void giftCardsAreAccepted() {
		Answer answer = send("/v3/gift-cards/placeOrder",
				Map.of("productId", "507f1f77bcf86cd799439011", "typeId", "type_001", "quantity", 2, "ref", "async-3"),
				ASYNC);

		assertThat(answer.status()).isEqualTo(202);
		assertThat(order(answer.data().path("orderId").asString()).item().product())
			.isEqualTo("507f1f77bcf86cd799439011");
		assertThat(answer.data().path("ref").asString()).isEqualTo("async-3");
		assertThat(answer.data().has("topupId")).isFalse();
	}

	@Test
	void aCallersOwnDeadlineHolds() {
		Caller patient = caller(Set.of(Scope.ORDERS_WRITE), Optional.of(Duration.ofMinutes(7)), Optional.empty());

		Answer answer = this.routes.post(patient, "/v3/internet/send", internet("deadline"), ASYNC).block(PATIENCE);

		assertThat(deadline(order(answer.data().path("topupId").asString()))).isEqualTo(Duration.ofMinutes(7));
	}

	/** The ref may stand upstream, if he has sent there until now and the ref is his. */
	@Test
	void onlyRefsOfCallersWhoSentUpstreamAreAskedFor() {
		Caller moved = caller(Set.of(Scope.ORDERS_WRITE), Optional.empty(),
				Optional.of(Instant.now().plus(Duration.ofHours(1))));

		for (Map.Entry<Caller, Optional<String>> sent : List.of(Map.entry(moved, Optional.of("moved-1")),
				Map.entry(moved, Optional.<String>empty()), Map.entry(this.shop, Optional.of("stayed-1")))) {
			Answer answer = this.routes
				.post(sent.getKey(), "/v3/internet/send", internet(sent.getValue().orElse(null)), ASYNC)
				.block(PATIENCE);

			assertThat(order(answer.data().path("topupId").asString()).sending().askFirst())
				.isEqualTo(sent.getKey() == moved && sent.getValue().isPresent());
		}
	}

	@Test
	void sendingNeedsItsScope() {
		Caller reader = caller(Set.of(Scope.ORDERS_READ), Optional.empty(), Optional.empty());

		Problem problem = catchThrowableOfType(Problem.class,
				() -> this.routes.post(reader, "/v3/internet/send", internet("scope"), ASYNC).block(PATIENCE));

		assertThat(problem.code()).isEqualTo("INSUFFICIENT_SCOPE");
	}

	@Test
	void aBodyThatIsNoOrderIsRefused() {
		assertThat(refused("/v3/internet/send", Map.of("type", "ADSL"), Map.of()).code()).isEqualTo("ERR_VALIDATION");
	}

	@Test
	void acceptedOrdersOfThisReplicaCountAtOnce() {
		try (LedgerUnderTest slow = LedgerUnderTest.start(Map.of("gateway.upstream.accounts.main.limit", 1,
				"gateway.upstream.accounts.main.window", "60s", "gateway.dispatch.send-deadline", "3m"))) {
			RoutesUnderTest sends = routes(slow, slow.bean(DispatchProperties.class));
			assertThat(sends.post(this.shop, "/v3/internet/send", internet("slow-1"), ASYNC).block(PATIENCE).status())
				.isEqualTo(202);

			Problem problem = catchThrowableOfType(Problem.class,
					() -> sends.post(this.shop, "/v3/internet/send", internet("slow-2"), ASYNC)
						.then(sends.post(this.shop, "/v3/internet/send", internet("slow-3"), ASYNC))
						.block(PATIENCE));

			assertThat(problem.code()).isEqualTo("RATE_LIMIT_EXCEEDED");
		}
	}

	@Test
	void whatWaitsTooLongIsAnsweredWithItsIdAndReplayed() {
		long began = System.nanoTime();

		Answer answer = send("/v3/internet/send", internet("sync-1"), key("k1"));

		assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(1400));
		assertThat(answer.status()).isEqualTo(200);
		Order order = order(answer.data().path("topupId").asString());
		assertThat(order.answered()).contains(Order.Answered.ACCEPTED);
		assertThat(answer.headers().getFirst("Idempotency-Replayed")).isNull();
		Answer again = send("/v3/internet/send", internet("sync-1"), key("k1"));
		assertReplayed(again, answer);
		assertThat(again.headers().getFirst("Location")).isNull();
	}

	@Test
	void whatIsTakenMeanwhileIsAnsweredAtOnce() {
		meddle("insert on orders_order", "new.ref = 'sync-2'", "new.state := 'HANDLING'; return new;");
		long began = System.nanoTime();

		Answer answer = this.patient.post(this.shop, "/v3/internet/send", internet("sync-2"), Map.of()).block(PATIENCE);

		assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(A_LONG_WAIT);
		assertThat(answer.status()).isEqualTo(200);
	}

	@Test
	void whatIsRejectedMeanwhileIsRefusedAndReplayed() {
		CompletableFuture<Answer> asked = this.patient
			.post(this.shop, "/v3/internet/send", internet("sync-3"), key("k3"))
			.toFuture();
		reject("sync-3");

		Answer answer = asked.join();

		assertThat(answer.status()).isEqualTo(403);
		assertThat(answer.body().at("/error/code").asString()).isEqualTo("INSUFFICIENT_BALANCE");
		assertReplayed(send("/v3/internet/send", internet("sync-3"), key("k3")), answer);
	}

	@Test
	void anAcceptanceIsReplayedWithItsPlace() {
		Map<String, String> headers = new TreeMap<>(ASYNC);
		headers.putAll(key("k4"));
		Answer answer = send("/v3/internet/send", internet("async-4"), headers);

		Answer again = send("/v3/internet/send", internet("async-4"), headers);

		assertReplayed(again, answer);
		assertThat(again.headers().getLocation()).isEqualTo(answer.headers().getLocation()).isNotNull();
	}

	@Test
	void aKeyServesOneBody() {
		Map<String, String> headers = new TreeMap<>(ASYNC);
		headers.putAll(key("k5"));
		send("/v3/internet/send", internet("async-5"), headers);

		Problem problem = refused("/v3/internet/send", internet("async-5b"), headers);

		assertThat(problem.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
		assertThat(problem.details()).containsEntry("moneyMayHaveMoved", false).containsEntry("retrySafe", false);
		assertThat(count("ref = 'async-5b'")).isZero();
	}

	@Test
	void aSecondRequestIsToldThatTheFirstIsBeingAnswered() {
		CompletableFuture<Answer> first = this.patient
			.post(this.shop, "/v3/internet/send", internet("sync-6"), key("k6"))
			.toFuture();
		until(() -> count("ref = 'sync-6'") == 1);
		String orderId = this.ledger.row("select id from orders_order where ref = 'sync-6'");

		Problem problem = catchThrowableOfType(Problem.class,
				() -> this.patient.post(this.shop, "/v3/internet/send", internet("sync-6"), key("k6")).block(PATIENCE));

		assertThat(problem.code()).isEqualTo("IDEMPOTENCY_KEY_IN_USE");
		assertThat(problem.details()).containsEntry("orderId", orderId)
			.containsEntry("moneyMayHaveMoved", true)
			.containsEntry("retrySafe", true);
		assertThat(problem.retryAfter()).isBetween(Duration.ofSeconds(1), A_LONG_WAIT.plusSeconds(5));
		reject("sync-6");
		assertThat(first).succeedsWithin(PATIENCE);
	}

	/** Whoever asked first may have been told anything, so it is too late to refuse. */
	@Test
	void aRequestThatWasNeverAnsweredIsAnsweredWithItsId() {
		Answer first = send("/v3/internet/send", internet("sync-7"), key("k7"));
		Order order = order(first.data().path("topupId").asString());
		this.ledger.set(order, "answer = null");
		this.ledger.bean(Orders.class).reject(order, refusal()).block(PATIENCE);
		this.ledger.execute("update orders_idempotency set status = null, body = null, "
				+ "created_at = now() - interval '7 seconds' where key = 'k7'");

		Answer again = send("/v3/internet/send", internet("sync-7"), key("k7"));

		assertThat(again.status()).isEqualTo(200);
		assertThat(again.data()).isEqualTo(first.data());
		assertThat(again.headers().getFirst("Idempotency-Replayed")).isEqualTo("true");
		assertReplayed(send("/v3/internet/send", internet("sync-7"), key("k7")), again);
	}

	@Test
	void anOrderStandsThoughItsAnswerCannotBeDecided() {
		meddle("update on orders_order", "new.ref = 'sync-8'", "raise exception 'no room';");

		Answer answer = send("/v3/internet/send", internet("sync-8"), Map.of());

		assertThat(answer.status()).isEqualTo(200);
		assertThat(order(answer.data().path("topupId").asString()).ref()).isEqualTo("sync-8");
	}

	@Test
	void whatWasDecidedIsToldThoughItCannotBeKept() {
		meddle("update on orders_idempotency", "true", "raise exception 'no room';");

		Answer answer = send("/v3/internet/send", internet("async-9"),
				Map.of("Prefer", "respond-async", "Idempotency-Key", "k9"));

		assertThat(answer.status()).isEqualTo(202);
	}

	@Test
	void nothingIsAcceptedWhileEarlierRequestsCannotBeLookedUp() {
		this.ledger.execute("alter table orders_idempotency rename to away");
		try {
			Problem problem = refused("/v3/internet/send", internet("async-10"), key("k10"));

			assertThat(problem.code()).isEqualTo("STORE_UNAVAILABLE");
			assertThat(problem.message()).startsWith("earlier requests cannot be looked up");
			assertThat(problem.details()).containsEntry("moneyMayHaveMoved", false).containsEntry("retrySafe", true);
		}
		finally {
			this.ledger.execute("alter table away rename to orders_idempotency");
		}
		assertThat(count("ref = 'async-10'")).isZero();
	}

	@Test
	void aRefServesOneOrder() {
		send("/v3/internet/send", internet("async-11"), ASYNC);

		assertThat(refused("/v3/internet/send", internet("async-11"), ASYNC).code()).isEqualTo("DUPLICATED_REF");
		assertThat(refused("/v3/internet/send", internet("async-11"),
				Map.of("Prefer", "respond-async", "Idempotency-Key", "k11"))
			.code()).isEqualTo("DUPLICATED_REF");
	}

	/** Both looked for the key before either was stored. */
	@Test
	void ofTwoCopiesAtOnceTheSecondIsToldWhatTheFirstWas() {
		for (Map<String, Object> body : List.of(internet("at-once"), internet(null))) {
			String key = "k12-" + body.size();
			CompletableFuture<Void> lock = CompletableFuture.runAsync(() -> this.ledger
				.execute("do 'begin lock table orders_order in exclusive mode; perform pg_sleep(1); end'"));
			until(() -> !this.ledger.row(
					"select count(*) from pg_locks where mode = 'ExclusiveLock' and relation = 'orders_order'::regclass")
				.equals("0"));

			List<String> told = Flux.merge(copy(body, key), copy(body, key)).collectList().block(PATIENCE);

			assertThat(lock).succeedsWithin(PATIENCE);
			assertThat(told).hasSize(2).containsOnly(told.getFirst());
			assertThat(told.getFirst()).hasSize(24);
		}
	}

	/** The id of the order, from the answer or from the word that one is on its way. */
	private Mono<String> copy(Map<String, Object> body, String key) {
		return this.routes
			.post(this.shop, "/v3/internet/send", body, Map.of("Prefer", "respond-async", "Idempotency-Key", key))
			.map((answer) -> answer.data().path("topupId").asString())
			.onErrorResume(Problem.class, (problem) -> Mono.just(problem.code().equals("IDEMPOTENCY_KEY_IN_USE")
					? String.valueOf(problem.details().get("orderId")) : problem.code()));
	}

	/** Whatever is refused locally, the earlier order may have been bought. */
	@Test
	void aRefThatWasUsedIsToldSoThoughTheOrderIsRefusedNow() {
		Map<String, Object> bill = Map.of("plan_code", "FACTURE_DJEZZY", "MSSIDN", "0770000001", "ref", "used");
		assertThat(refused("/v3/mobile/send", bill, ASYNC).code()).isEqualTo("ERR_VALIDATION");
		send("/v3/mobile/send", mobile("PREPAID_DJEZZY", 500, "used"), ASYNC);

		Problem problem = refused("/v3/mobile/send", bill, ASYNC);

		assertThat(problem.code()).isEqualTo("DUPLICATED_REF");
		assertThat(problem.details()).containsEntry("ref", "used")
			.containsEntry("moneyMayHaveMoved", false)
			.containsEntry("retrySafe", false);
	}

	@Test
	void soIsARefThatWasUsedUpstream() {
		WebClient.create(this.ledger.upstream().baseUrl().toString())
			.post()
			.uri("/v3/mobile/send")
			.header("X-Access-Token", "sim-key-1")
			.bodyValue(mobile("PREPAID_DJEZZY", 500, "used-there"))
			.retrieve()
			.bodyToMono(String.class)
			.block(PATIENCE);
		Map<String, Object> bill = Map.of("plan_code", "FACTURE_DJEZZY", "MSSIDN", "0770000001", "ref", "used-there");
		Caller moved = caller(Set.of(Scope.ORDERS_WRITE), Optional.empty(),
				Optional.of(Instant.now().plus(Duration.ofHours(1))));

		assertThat(refused("/v3/mobile/send", bill, ASYNC).code()).isEqualTo("ERR_VALIDATION");
		assertThat(catchThrowableOfType(Problem.class,
				() -> this.routes.post(moved, "/v3/mobile/send", bill, ASYNC).block(PATIENCE))
			.code()).isEqualTo("DUPLICATED_REF");
	}

	@Test
	void whatWaitsIsCancelledOnce() {
		Order order = this.ledger.accepted();

		for (int i = 0; i < 2; i++) {
			Answer answer = cancel(order);
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.data().path("state").asString()).isEqualTo("REJECTED");
			assertThat(answer.data().path("code").asString()).isEqualTo("CANCELLED");
			assertThat(this.ledger.stored(order).version()).isEqualTo(order.version() + 1);
		}
		Problem refusal = this.ledger.stored(order).refusal().orElseThrow();
		assertThat(refusal.details()).containsEntry("moneyMayHaveMoved", false).containsEntry("retrySafe", true);
	}

	@Test
	void whatWasSentIsNotCancelled() {
		Order order = this.ledger.handling("u-cancel");

		assertTooLate(order, true);
	}

	@Test
	void whatWasRejectedIsNotCancelled() {
		Order order = this.ledger.accepted();
		this.ledger.bean(Orders.class).reject(order, refusal()).block(PATIENCE);

		assertTooLate(this.ledger.stored(order), false);
	}

	@Test
	void whatIsAnothersIsNotCancelled() {
		Order order = this.ledger.accepted();
		Caller other = new Caller(new CallerId("other"), this.shop.account(), Set.of(Scope.ORDERS_WRITE), 100,
				Duration.ofSeconds(60), Optional.empty());

		assertThat(catchThrowableOfType(Problem.class,
				() -> this.routes.post(other, "/orders/" + order.id() + "/cancel", Map.of(), Map.of()).block(PATIENCE))
			.code()).isEqualTo("NOT_FOUND");
		assertThat(this.ledger.stored(order).state()).isEqualTo(OrderState.ACCEPTED);
	}

	/** On hold it may have been sent before the database was restored. */
	@Test
	void onHoldNothingIsCancelled() {
		Order order = this.ledger.accepted();
		DispatchProperties open = this.ledger.bean(DispatchProperties.class);
		RoutesUnderTest held = routes(this.ledger, new DispatchProperties(open.sendWait(), open.sendDeadline(), true,
				open.sendWithin(), open.absenceMargin(), open.absenceGap(), open.giftCardWait(), open.parallel()));

		Problem problem = catchThrowableOfType(Problem.class,
				() -> held.post(this.shop, "/orders/" + order.id() + "/cancel", Map.of(), Map.of()).block(PATIENCE));

		assertThat(problem.code()).isEqualTo("NOT_CANCELLABLE");
		assertThat(problem.details()).containsEntry("moneyMayHaveMoved", true);
		cancel(order);
		assertThat(
				held.post(this.shop, "/orders/" + order.id() + "/cancel", Map.of(), Map.of()).block(PATIENCE).status())
			.isEqualTo(200);
	}

	/** Its version moves while it is being claimed. */
	@Test
	void aCancelThatLosesTheRaceIsRunAgainTwice() {
		Order order = this.ledger.accepted();
		String mine = "new.id = '" + order.id().value() + "'";
		this.ledger.execute("create sequence meddled");
		meddle("update on orders_order", mine, "if nextval('meddled') <= 3 then return null; end if; return new;");

		assertTooLate(order, true);
		assertThat(this.ledger.row("select last_value from meddled")).isEqualTo("3");

		this.ledger.execute("alter sequence meddled restart with 2");
		assertThat(cancel(order).status()).isEqualTo(200);
	}

	private void assertTooLate(Order order, boolean moneyMayHaveMoved) {
		Problem problem = catchThrowableOfType(Problem.class, () -> cancel(order));

		assertThat(problem.code()).isEqualTo("NOT_CANCELLABLE");
		assertThat(problem.message()).contains(order.state().name());
		assertThat(problem.details()).containsEntry("orderId", order.id().value())
			.containsEntry("moneyMayHaveMoved", moneyMayHaveMoved)
			.containsEntry("retrySafe", false);
		assertThat(this.ledger.stored(order).version()).isEqualTo(order.version());
	}

	private static void assertReplayed(Answer again, Answer first) {
		assertThat(again.status()).isEqualTo(first.status());
		assertThat(again.body()).isEqualTo(first.body());
		assertThat(again.headers().getFirst("Idempotency-Replayed")).isEqualTo("true");
	}

	private Answer cancel(Order order) {
		return this.routes.post(this.shop, "/orders/" + order.id() + "/cancel", Map.of(), Map.of()).block(PATIENCE);
	}

	private Answer send(String path, Map<String, Object> body, Map<String, String> headers) {
		return this.routes.post(this.shop, path, body, headers).block(PATIENCE);
	}

	private Problem refused(String path, Map<String, Object> body, Map<String, String> headers) {
		return catchThrowableOfType(Problem.class, () -> send(path, body, headers));
	}

	private void reject(String ref) {
		until(() -> count("ref = '" + ref + "'") == 1);
		Order order = order(this.ledger.row("select id from orders_order where ref = '" + ref + "'"));
		this.ledger.bean(Orders.class).reject(order, refusal()).block(PATIENCE);
	}

	private static Problem refusal() {
		return Problem.of(ErrorCode.INSUFFICIENT_BALANCE, "too little").money(false, true);
	}

	private static Map<String, String> key(String key) {
		return Map.of("Idempotency-Key", key);
	}

	private static Map<String, Object> internet(String ref) {
		Map<String, Object> body = new TreeMap<>(
				Map.of("type", "ADSL", "number", LedgerUnderTest.NUMBER, "value", 1000));
		if (ref != null) {
			body.put("ref", ref);
		}
		return body;
	}

	private static Map<String, Object> mobile(String plan, int amount, String ref) {
		return Map.of("plan_code", plan, "MSSIDN", "0770000001", "amount", amount, "ref", ref);
	}

	private Order order(String id) {
		return this.ledger.bean(Orders.class).find(OrderId.parse(id).orElseThrow()).block(PATIENCE);
	}

	private long count(String where) {
		return Long.parseLong(this.ledger.row("select count(*) from orders_order where " + where));
	}

	private Duration deadline(Order order) {
		Duration exact = Duration.between(order.acceptedAt(), order.sending().deadline());
		return Duration.ofSeconds(exact.plusMillis(500).toSeconds());
	}

	private Caller caller(Set<Scope> scopes, Optional<Duration> deadline, Optional<Instant> directUntil) {
		return new Caller(new CallerId("shop"), this.ledger.account().id(), scopes, 100, Duration.ofSeconds(60),
				deadline, BigDecimal.ONE, Optional.empty(), directUntil);
	}

	private static RoutesUnderTest routes(LedgerUnderTest ledger, DispatchProperties properties) {
		Orders orders = ledger.bean(Orders.class);
		Envelope envelope = ledger.bean(Envelope.class);
		Answers answers = new Answers(orders, ledger.bean(Idempotency.class), envelope, properties);
		SendHandler sends = new SendHandler(orders, ledger.bean(Accounts.class), ledger.bean(LocalChecks.class),
				ledger.bean(CutOver.class), ledger.bean(Backlog.class), answers, properties,
				ledger.bean(JsonMapper.class), new Closing(new GenericApplicationContext()), ledger.bean(Clock.class));
		return new RoutesUnderTest(new SendRoutes().sends(sends, new CancelHandler(orders, envelope, properties)));
	}

	/** Has the database do something before it writes. */
	private void meddle(String write, String when, String body) {
		this.ledger.execute("create function meddle() returns trigger language plpgsql as 'begin "
				+ body.replace("'", "''") + " end'");
		this.ledger.execute("create trigger meddle before " + write + " for each row when (" + when
				+ ") execute function meddle()");
	}

	private static void until(BooleanSupplier condition) {
		Flux.interval(Duration.ZERO, Duration.ofMillis(20), Schedulers.boundedElastic())
			.onBackpressureDrop()
			.filter((look) -> condition.getAsBoolean())
			.blockFirst(PATIENCE);
	}

}
