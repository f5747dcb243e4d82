package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.SendStops;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.orders.NewOrder;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestId;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Purchase;
import dz.flexy.gateway.upstream.Purchases;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Moves of an operator, while nothing else works on the orders. */
@TestInstance(Lifecycle.PER_CLASS)
class MovesTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final RequestMatch LIST = RequestMatch.onWord("list");

	private static final RequestMatch BY_REF = RequestMatch.onWord("check-ref");

	private static final RequestMatch BY_ID = RequestMatch.onWord("check-id");

	private static final String PRODUCT = "507f1f77bcf86cd799439011";

	private static final String LONG_AGO = "now() - interval '1 minute'";

	private static final String CHANGED = "it has just been changed; look at it again";

	private LedgerUnderTest ledger;

	private Moves moves;

	private int refs;

	@BeforeAll
	void start() {
		/* On a busy machine a send is begun late, and would then not go out. */
		this.ledger = LedgerUnderTest.start(Map.of("gateway.dispatch.send-within", "10s"));
		this.moves = this.ledger.bean(Moves.class);
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@AfterEach
	void mend() {
		this.ledger.upstream().faults().clear();
		this.ledger.execute("delete from dispatch_delay");
		this.ledger.execute("drop function if exists meddle cascade");
		this.ledger.execute("drop sequence if exists meddled");
	}

	@Test
	void anUnknownOrderIsNotFound() {
		OrderId none = OrderId.parse("f".repeat(24)).orElseThrow();

		for (Mono<Order> move : List.of(this.moves.lookAgain(none, move("look-again")),
				this.moves.adopt(none, "x", move("adopt")), this.moves.markNotCreated(none, move("mark-not-created")),
				this.moves.allowSend(none, move("allow-send")))) {
			Problem problem = problem(move);
			assertThat(problem.code()).isEqualTo("NOT_FOUND");
			assertHarmless(problem);
		}
	}

	@Test
	void anOpenOrderIsDueBeforeAllOthers() {
		for (Order order : List.of(lost(), this.ledger.handling("u-look"))) {
			Order after = done(lookAgain(order));

			assertThat(after.state()).isEqualTo(order.state());
			assertThat(after.version()).isEqualTo(order.version() + 1);
			assertThat(this.ledger.pause(after)).isEqualTo(Duration.ofDays(-7));
			assertNoted(order, "look-again");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ACCEPTED", "SENDING", "REJECTED", "FULFILLED" })
	void nothingIsLookedForBeforeTheSendNorAfterTheEnd(String state) {
		Order order = as(state);

		assertRefused(lookAgain(order), order, "there is nothing to look for");
	}

	@Test
	void theCandidatesOfGiftCardsAreFixedAnew() {
		Order order = cards("type_001", 2);
		String candidate = buyCards("type_001", 2);

		Order after = done(lookAgain(order));

		assertThat(after.ending().candidates()).isEqualTo(candidate);
		assertThat(after.state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertNoted(order, "look-again");
	}

	@Test
	void candidatesStayWhereTheListCannotBeRead() {
		Order order = cards("type_002", 2);
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), LIST).always();

		Problem problem = problem(lookAgain(order));

		assertThat(problem.code()).isEqualTo("UPSTREAM_UNAVAILABLE");
		assertThat(problem.message()).contains("list of that time");
		assertThat(problem.retryAfter()).isEqualTo(Duration.ofSeconds(5));
		assertHarmless(problem);
		assertThat(this.ledger.stored(order).version()).isEqualTo(order.version());
	}

	/** Settling reads the list itself. */
	@Test
	void theListIsNotReadForGiftCardsThatAreNotHandedOver() {
		Order early = this.ledger.set(cards("type_003", 2), "candidates = null");
		Order found = this.ledger.set(cards("type_003", 3), "state = 'HANDLING', upstream_id = 'u-cards'");
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), LIST).always();

		assertThat(this.ledger.pause(done(lookAgain(early)))).isNegative();
		assertThat(this.ledger.pause(done(lookAgain(found)))).isNegative();
	}

	@Test
	void aLostRaceIsRunAgainTwice() {
		Order order = lost();
		meddle(order, "true", "if nextval('meddled') <= 2 then return null; end if; return new;");

		assertThat(done(lookAgain(order)).version()).isEqualTo(order.version() + 1);
		assertThat(meddled()).isEqualTo(3);
	}

	@Test
	void afterThreeLostRacesTheOperatorIsToLookAgain() {
		Order order = lost();
		meddle(order, "true", "if nextval('meddled') <= 3 then return null; end if; return new;");

		assertRefused(lookAgain(order), order, CHANGED);
		assertThat(meddled()).isEqualTo(3);
	}

	@Test
	void theUpstreamsOrderIsAdopted() {
		Order order = this.ledger.set(lost(), "absences = 0, absent_at = null");
		String id = buy(order);

		Order after = done(adopt(order, id));

		assertThat(after.state()).isEqualTo(OrderState.HANDLING);
		assertThat(after.upstreamId()).isEqualTo(id);
		assertNoted(order, "adopt");
		assertThat(gap(order)).isEqualTo(Duration.ofMillis(500));
		assertThat(done(adopt(after, id)).upstreamId()).isEqualTo(id);
	}

	/** A look had missed it, so the upstream kept it from us for that long. */
	@Test
	void adoptingTeachesADelay() {
		Order order = lost();

		done(adopt(order, buy(order)));

		assertThat(gap(order)).isGreaterThan(Duration.ofMinutes(2));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ACCEPTED", "SENDING" })
	void nothingIsAdoptedThatMayStillBeSent(String state) {
		Order order = as(state);

		assertRefused(adopt(order, "u1"), order, "it may still be sent");
		assertThat(asked(BY_ID, "u1")).isZero();
	}

	@Test
	void anotherIdIsAdoptedOnlyByAFlaggedOrder() {
		Order known = this.ledger.handling("u-known");
		assertRefused(adopt(known, "u-other"), known, "its upstream id is known: u-known");

		String id = buy(known);
		Order flagged = this.ledger.set(known, "flag = 'open for 72 h'");

		assertThat(done(adopt(flagged, id)).upstreamId()).isEqualTo(id);
	}

	@Test
	void anIdThatTheUpstreamDoesNotKnowIsRefused() {
		Order order = lost();

		assertRefused(adopt(order, "0123456789abcdef01234567"), order, "the upstream has no order of that id");
	}

	@Test
	void nothingIsAdoptedWhileTheUpstreamCannotBeAsked() {
		Order order = lost();
		this.ledger.upstream().faults().next(Fault.refused(403, "SHOP_CLOSED"), BY_ID);
		assertThat(problem(adopt(order, "u2")).code()).isEqualTo("SHOP_CLOSED");

		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), BY_ID).always();
		Problem problem = problem(adopt(order, "u2"));

		assertThat(problem.code()).isEqualTo("UPSTREAM_UNAVAILABLE");
		assertHarmless(problem);
		assertThat(this.ledger.stored(order).version()).isEqualTo(order.version());
	}

	@Test
	void nothingIsAdoptedThatDiffers() {
		Order order = lost();
		String another = buy(order, "036362688");

		Problem problem = assertRefused(adopt(order, another), order, "the upstream's order is another");

		assertThat(problem.details().get("differences"))
			.isEqualTo(Map.of("number", Map.of("ours", LedgerUnderTest.NUMBER, "upstream", "036362688")));
	}

	/** It was bought after any send of ours can have arrived. */
	@Test
	void giftCardsThatAreTooYoungDiffer() {
		Order order = this.ledger.set(cards("type_001", 5),
				"sent_at = now() - interval '9 minutes', send_by = now() - interval '9 minutes', "
						+ "first_sent_at = now() - interval '9 minutes'");

		Problem problem = assertRefused(adopt(order, buyCards("type_001", 5)), order,
				"the upstream's order is another");

		assertThat(problem.details().get("differences")).asString().contains("time");
	}

	@Test
	void giftCardsAreAdopted() {
		Order order = cards("type_001", 6);
		String id = buyCards("type_001", 6);

		assertThat(done(adopt(order, id)).upstreamId()).isEqualTo(id);
	}

	@Test
	void whatIsRejectedIsNotAdoptedWhileItsFateIsOpen() {
		Order order = this.ledger.set(lost(), "state = 'REJECTED', final_at = now()");
		String id = buy(order);
		assertRefused(adopt(order, id), order,
				"an order that is REJECTED cannot take the status that the upstream's has now: HANDLING");

		this.ledger.upstream().account("sim-key-1").settleRef(order.upstreamRef(), "FULFILLED");

		assertThat(done(adopt(order, id)).state()).isEqualTo(OrderState.FULFILLED);
	}

	@Test
	void whatAnotherOrderOfOursHasIsNotAdopted() {
		Order order = lost();
		String id = buy(order);
		Order other = this.ledger.handling(id);

		assertRefused(adopt(order, id), order, "another order of ours has that id");
		assertThat(gap(order)).isEqualTo(Duration.ofMillis(500));
		this.ledger.set(other, "upstream_id = 'given back'");
	}

	/** It took the id between the look at it and the commit. */
	@Test
	void whatAnotherOrderOfOursHasJustTakenIsNotAdopted() {
		Order order = lost();
		String id = buy(order);
		meddle(order, "new.upstream_id is not null", "raise unique_violation;");

		assertRefused(adopt(order, id), order, "another order of ours has that id");
	}

	@Test
	void whatWaitsIsMarkedWithoutALook() {
		Order order = this.ledger.accepted();

		assertNotCreated(order);
		assertThat(asked(BY_REF, order)).isZero();
	}

	@Test
	void whatIsProvenAbsentIsMarked() {
		Order order = lost();

		assertNotCreated(order);
		assertThat(asked(BY_REF, order)).isOne();
	}

	/** Then the operator's word counts. */
	@Test
	void whatCannotBeLookedForIsMarked() {
		Order order = lost();
		this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), LIST.or(BY_REF)::test).always();

		assertNotCreated(order);
	}

	@Test
	void whatTheUpstreamHasIsNotMarked() {
		Order order = lost();
		String id = buy(order);

		Problem problem = problem(mark(order));

		assertThat(problem.message()).isEqualTo("the upstream has it");
		assertThat(problem.details()).containsEntry("state", "HANDLING").containsEntry("upstreamId", id);
		assertThat(this.ledger.stored(order).state()).isEqualTo(OrderState.HANDLING);
		assertThat(noted(order)).isEmpty();
	}

	@Test
	void giftCardsAreMarkedWithoutALook() {
		Order order = cards("type_002", 3);
		buyCards("type_002", 3);
		long lists = this.ledger.upstream().requests().count(LIST);

		assertNotCreated(order);
		assertThat(this.ledger.upstream().requests().count(LIST)).isEqualTo(lists);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			state = 'HANDLING'                    | it is not unclear what became of its send
			state = 'REJECTED', final_at = now()  | it is not unclear what became of its send
			arrived = true                        | the upstream has it
			upstream_id = 'u-obstacle'            | the upstream has it
			send_by = now() + interval '1 minute' | its send may still be under way
			""")
	void whatMayHaveBeenMadeIsNeitherMarkedNorSent(String assignments, String why) {
		Order order = this.ledger.set(lost(), assignments);

		assertRefused(mark(order), order, why);
		assertRefused(allow(order), order, why);
		assertThat(asked(BY_REF, order)).isZero();
		this.ledger.set(order, "upstream_id = null");
	}

	@Test
	void giftCardsThatWereNotLookedForAreNeitherMarkedNorSent() {
		Order order = this.ledger.set(cards("type_002", 4), "candidates = null");

		assertRefused(mark(order), order, "the upstream's list is still to be read for it");
		assertRefused(allow(order), order, "the upstream's list is still to be read for it");
	}

	@Test
	void anOrderIsSentOnceMore() {
		Order order = this.ledger.set(lost(), "send_deadline = now() - interval '1 second'");

		Order after = done(allow(order));

		assertThat(after.state()).isEqualTo(OrderState.HANDLING);
		assertThat(after.sending().count()).isEqualTo(4);
		assertThat(asked(BY_REF, order)).isOne();
		assertThat(sends(order)).isOne();
		assertNoted(order, "allow-send");
	}

	@Test
	void nothingIsSentWhileSendsAreStopped() {
		Order order = lost();
		SendStops stops = this.ledger.bean(SendStops.class);
		stops.stop(this.ledger.account().id(), "boss", "req_1", "why").block(PATIENCE);

		try {
			assertRefused(allow(order), order, "the sends of its account are stopped");
		}
		finally {
			stops.resume(this.ledger.account().id(), "boss", "req_2", "why").block(PATIENCE);
		}
		assertThat(sends(order)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "absences = 0, absent_at = null", "absent_at = now() + interval '1 minute'" })
	void nothingIsSentBeforeALookHasMissedIt(String assignments) {
		Order order = this.ledger.set(lost(), assignments);

		assertRefused(allow(order), order, "no complete look has missed it yet that is PT0.5S old");
		assertThat(asked(BY_REF, order)).isZero();
	}

	@Test
	void nothingIsSentThatTheLookFinds() {
		Order order = lost();
		String id = buy(order);

		Problem problem = problem(allow(order));

		assertThat(problem.message()).isEqualTo("the upstream has it");
		assertThat(problem.details()).containsEntry("upstreamId", id);
		assertThat(sends(order)).isOne();
	}

	@Test
	void nothingIsSentUnlessListAndReferenceBothLackIt() {
		for (RequestMatch read : List.of(LIST, BY_REF)) {
			Order order = lost();
			this.ledger.upstream().faults().clear();
			this.ledger.upstream().faults().next(Fault.errorBeforeCommit(), read).always();

			Problem problem = problem(allow(order));

			assertThat(problem.code()).isEqualTo("UPSTREAM_UNAVAILABLE");
			assertThat(problem.message()).startsWith("list and check-ref do not both say");
			assertHarmless(problem);
			assertThat(sends(order)).isZero();
			assertThat(noted(order)).isEmpty();
		}
	}

	@Test
	void nothingIsSentThatSomebodyElseHasJustChanged() {
		Order order = lost();
		meddle(order, "true", "perform nextval('meddled'); return null;");

		assertRefused(allow(order), order, CHANGED);
		assertThat(meddled()).isOne();
		assertThat(asked(BY_REF, order)).isZero();
	}

	@Test
	void nothingIsSentThatSomebodyElseChangesWhileItIsLookedFor() {
		Order order = lost();
		meddle(order, "true", "if nextval('meddled') >= 2 then return null; end if; return new;");

		Problem problem = problem(allow(order));

		assertThat(problem.message()).isEqualTo(CHANGED);
		assertHarmless(problem);
		assertThat(asked(BY_REF, order)).isOne();
		assertThat(sends(order)).isZero();
	}

	/** Another operator's is committed once this one waits for the row. */
	@Test
	void whoeverIsOvertakenByASendIsToldThatMoneyMayMove() {
		Order order = lost();
		CompletableFuture<Void> other = CompletableFuture.runAsync(() -> this.ledger.execute("""
				do 'begin
				  update orders_order set state = ''SENDING'', version = version + 1 where id = ''%s'';
				  perform pg_advisory_xact_lock(1);
				  for look in 1..2000 loop
				    exit when exists (select from pg_locks
				                      where not granted and transactionid = pg_current_xact_id()::xid);
				    perform pg_sleep(0.01);
				  end loop;
				end'""".formatted(order.id().value())));
		until(() -> !this.ledger
			.row("select count(*) from pg_locks where locktype = 'advisory' "
					+ "and database = (select oid from pg_database where datname = current_database())")
			.equals("0"));

		Problem problem = problem(allow(order));

		assertThat(other).succeedsWithin(PATIENCE);
		assertThat(problem.message()).isEqualTo("its send is under way");
		assertThat(problem.details()).containsEntry("moneyMayHaveMoved", true).containsEntry("retrySafe", false);
	}

	@Test
	void giftCardsAreSentOnTheOperatorsWord() {
		Order order = this.ledger.set(cards("type_001", 7), "absences = 0, absent_at = null");
		long lists = this.ledger.upstream().requests().count(LIST);

		Order after = done(allow(order));

		assertThat(after.state()).isEqualTo(OrderState.HANDLING);
		assertThat(after.sending().count()).isEqualTo(2);
		assertThat(this.ledger.upstream().requests().count(LIST)).isEqualTo(lists);
	}

	@Test
	void giftCardsAreNotSentWhileAnotherOrderHasTheirLane() {
		Order order = cards("type_001", 8);
		this.ledger.set(cards("type_001", 9), "in_lane = true");

		Problem problem = problem(allow(order));

		assertThat(problem.code()).isEqualTo("MOVE_REFUSED");
		assertThat(problem.message()).startsWith("the send could not be begun");
		assertHarmless(problem);
		assertThat(this.ledger.stored(order).state()).isEqualTo(OrderState.SEND_UNKNOWN);
		assertThat(noted(order)).isEmpty();
	}

	@Test
	void whatIsSentAndMovedOnSinceIsShownAsItIs() {
		Order order = lost();
		meddle(order, "new.state = 'HANDLING'", "return null;");

		assertThat(done(allow(order)).state()).isEqualTo(OrderState.SENDING);
		assertThat(sends(order)).isOne();
	}

	@Test
	void whatIsSentAndCannotBeStoredMayHaveMovedMoney() {
		Order order = lost();
		meddle(order, "new.state = 'HANDLING'", "raise exception 'no room';");

		Problem problem = problem(allow(order));

		assertThat(problem.code()).isEqualTo("STORE_UNAVAILABLE");
		assertThat(problem.details()).containsEntry("orderId", order.id().value())
			.containsEntry("moneyMayHaveMoved", true)
			.containsEntry("retrySafe", false);
		assertThat(sends(order)).isOne();
	}

	/** Before the first byte nothing can have moved. */
	@Test
	void whatFailsBeforeTheSendIsNoLostSend() {
		Order order = lost();
		meddle(order, "new.state = 'SENDING'", "raise exception 'no room';");

		Problem problem = problem(allow(order));

		assertThat(problem.message()).startsWith("the send could not be begun");
		assertHarmless(problem);
		assertThat(sends(order)).isZero();
	}

	private void assertNotCreated(Order order) {
		Order after = done(mark(order));

		assertThat(after.state()).isEqualTo(OrderState.REJECTED);
		Problem refusal = after.refusal().orElseThrow();
		assertThat(refusal.code()).isEqualTo("SEND_FAILED");
		assertThat(refusal.details()).containsEntry("orderId", order.id().value());
		assertHarmless(refusal);
		assertNoted(order, "mark-not-created");
	}

	private Problem assertRefused(Mono<Order> move, Order order, String why) {
		Problem problem = problem(move);
		assertThat(problem.code()).isEqualTo("MOVE_REFUSED");
		assertThat(problem.message()).isEqualTo(why);
		assertThat(problem.details()).containsEntry("orderId", order.id().value())
			.containsEntry("state", order.state().name())
			.containsEntry("sends", order.sending().count());
		assertHarmless(problem);
		assertThat(this.ledger.stored(order).version()).isEqualTo(order.version());
		assertThat(noted(order)).isEmpty();
		return problem;
	}

	private static void assertHarmless(Problem problem) {
		assertThat(problem.details()).containsEntry("moneyMayHaveMoved", false).containsEntry("retrySafe", true);
	}

	private void assertNoted(Order order, String move) {
		assertThat(noted(order)).isEqualTo(move);
	}

	/** The moves that were written down. */
	private String noted(Order order) {
		return this.ledger.row("select coalesce(string_agg(move, ' '), '') from operator_move where order_id = '"
				+ order.id().value() + "'");
	}

	private Mono<Order> lookAgain(Order order) {
		return this.moves.lookAgain(order.id(), move("look-again"));
	}

	private Mono<Order> adopt(Order order, String upstreamId) {
		return this.moves.adopt(order.id(), upstreamId, move("adopt"));
	}

	private Mono<Order> mark(Order order) {
		return this.moves.markNotCreated(order.id(), move("mark-not-created"));
	}

	private Mono<Order> allow(Order order) {
		return this.moves.allowSend(order.id(), move("allow-send"));
	}

	private static Move move(String name) {
		return new Move(name, new CallerId("boss"), new RequestId("req_1"), "asked support", Optional.empty());
	}

	private static Order done(Mono<Order> move) {
		return move.blockOptional(PATIENCE).orElseThrow();
	}

	private static Problem problem(Mono<Order> move) {
		return catchThrowableOfType(Problem.class, () -> move.block(PATIENCE));
	}

	/** Sent three times, a minute ago the last time; one look has missed it since. */
	private Order lost() {
		return this.ledger.set(this.ledger.unknown(), "due_at = now() + interval '1 day', sends = 3, sent_at = "
				+ LONG_AGO + ", send_by = " + LONG_AGO + ", absences = 1, absent_at = now() - interval '30 seconds'");
	}

	private Order as(String state) {
		boolean over = OrderState.valueOf(state).isFinal();
		return this.ledger.set(lost(), "state = '" + state + "'" + (over ? ", final_at = now()" : ""));
	}

	/** Gift cards whose answer was lost five seconds ago; candidates are fixed: none. */
	private Order cards(String type, int quantity) {
		this.ledger.execute("update orders_order set in_lane = false");
		Caller caller = new Caller(new CallerId("shop"), this.ledger.account().id(), Set.of(), 100,
				Duration.ofSeconds(60), Optional.empty());
		Item item = new Item.GiftCards(PRODUCT, type, quantity, BigDecimal.ZERO, Optional.empty());
		this.refs++;
		Order order = this.ledger.bean(Orders.class)
			.accept(new NewOrder(caller, Family.GIFT_CARD, Optional.of("cards-" + this.refs), item,
					Duration.ofMinutes(2), Optional.empty(), Optional.empty()))
			.block(PATIENCE);
		return this.ledger.set(this.ledger.apply(this.ledger.begin(order), Change.to(OrderState.SEND_UNKNOWN)),
				"in_lane = false, candidates = '', sent_at = now() - interval '12 seconds', "
						+ "send_by = now() - interval '10 seconds'");
	}

	private String buyCards(String type, int quantity) {
		return this.ledger.bean(Purchases.class)
			.send(Call.send(this.ledger.account(), PATIENCE), new Purchase.GiftCards(PRODUCT, type, quantity),
					Mono.empty(), PATIENCE)
			.block(PATIENCE)
			.orThrow()
			.id();
	}

	private String buy(Order order) {
		return buy(order, LedgerUnderTest.NUMBER);
	}

	/** As if a send had got through. */
	private String buy(Order order, String number) {
		WebClient.create(this.ledger.upstream().baseUrl().toString())
			.post()
			.uri("/v3/internet/send")
			.header("X-Access-Token", "sim-key-1")
			.bodyValue(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", order.upstreamRef()))
			.retrieve()
			.bodyToMono(String.class)
			.block(PATIENCE);
		return this.ledger.upstream().account("sim-key-1").order(order.upstreamRef()).orElseThrow().id();
	}

	/** That reached the upstream's book. */
	private int sends(Order order) {
		return this.ledger.upstream()
			.account("sim-key-1")
			.order(order.upstreamRef())
			.map((one) -> one.sends())
			.orElse(0);
	}

	private long asked(RequestMatch read, Order order) {
		return this.ledger.upstream().requests().count(read.and(RequestMatch.onRef(order.upstreamRef())));
	}

	private long asked(RequestMatch read, String id) {
		return this.ledger.upstream().requests().count(read.and((request) -> request.path().endsWith(id)));
	}

	private Duration gap(Order order) {
		return this.ledger.bean(Delays.class).gap(order).block(PATIENCE);
	}

	/** Has the database do something before each update of the order that matches. */
	private void meddle(Order order, String when, String body) {
		this.ledger.execute("create sequence meddled");
		this.ledger.execute("create function meddle() returns trigger language plpgsql as 'begin "
				+ body.replace("'", "''") + " end'");
		this.ledger.execute("create trigger meddle before update on orders_order for each row when (new.id = '"
				+ order.id().value() + "' and " + when + ") execute function meddle()");
	}

	/** How often it did. */
	private long meddled() {
		return Long.parseLong(this.ledger.row("select last_value from meddled"));
	}

	private static void until(BooleanSupplier condition) {
		Flux.interval(Duration.ZERO, Duration.ofMillis(20), Schedulers.boundedElastic())
			.onBackpressureDrop()
			.filter((look) -> condition.getAsBoolean())
			.blockFirst(PATIENCE);
	}

}
