package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.dao.DuplicateKeyException;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

class OrderStoreTest {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private static final Duration LAPSED = Duration.ZERO;

	private static final Problem NO_BALANCE = Problem.of("INSUFFICIENT_BALANCE", 403, "too little");

	private final Ledger ledger = new Ledger(Database.fresh().connections());

	private final Orders orders = this.ledger.orders();

	private final OrderStore store = this.ledger.store();

	@Test
	void anAcceptedOrderIsFoundAsItWas() {
		Order accepted = this.ledger.accept("r1");

		Order found = await(this.store.findByRef(SHOP, Family.INTERNET, "r1"));

		assertThat(found).usingRecursiveComparison().ignoringFields("readAt").isEqualTo(accepted);
		assertThat(found.acceptedAt()).isEqualTo(accepted.readAt());
		assertThat(found.sending().deadline()).isEqualTo(found.acceptedAt().plus(Duration.ofMinutes(2)));
		assertThat(found.state()).isEqualTo(OrderState.ACCEPTED);
		assertThat(found.changes()).isEqualTo(1);
		assertThat(found.item().value()).isEqualByComparingTo("1000");
	}

	@Test
	void aUsedRefIsRefused() {
		this.ledger.accept("r1");

		refused("r1", "DUPLICATED_REF", 403);
		assertThat(rows("orders_order")).isOne();
		assertThat(rows("orders_event")).isOne();
	}

	@Test
	void anotherCallerMayUseTheSameRef() {
		this.ledger.accept("r1");

		assertThat(this.ledger.accept(OTHER, "r1").caller()).isEqualTo(OTHER);
	}

	@Test
	void aRefusedSendLeavesItsRefFree() {
		Order first = this.ledger.accept("r1");
		await(this.orders.reject(first, NO_BALANCE));
		await(this.store.answer(first.id(), true));

		Order second = this.ledger.accept("r1");

		assertThat(await(this.store.findByRef(SHOP, Family.INTERNET, "r1")).id()).isEqualTo(second.id());
	}

	@Test
	void aRefStaysTakenWhereTheSendWasAnsweredBeforeTheRefusal() {
		Order first = this.ledger.accept("r1");
		await(this.store.answer(first.id(), true));
		await(this.orders.reject(first, NO_BALANCE));

		refused("r1", "DUPLICATED_REF", 403);
	}

	@Test
	void theFirstDecisionAboutTheAnswerStands() {
		Order order = this.ledger.accept("r1");

		assertThat(await(this.store.answer(order.id(), true)).answered()).contains(Order.Answered.ACCEPTED);
		await(this.orders.reject(order, NO_BALANCE));
		assertThat(await(this.store.answer(order.id(), true)).answered()).contains(Order.Answered.ACCEPTED);
	}

	@Test
	void aRefusalAfterItsTimeIsNotTheAnswer() {
		Order order = this.ledger.accept("r1");
		await(this.orders.reject(order, NO_BALANCE));

		assertThat(await(this.store.answer(order.id(), false)).answered()).contains(Order.Answered.ACCEPTED);
	}

	/** Lists may have counted it by then. */
	@Test
	void aRefusalIsNoAnswerAnyMoreAfterHalfAnHour() {
		Order order = this.ledger.accept("r1");
		await(this.orders.reject(order, NO_BALANCE));
		await(this.ledger.database()
			.sql("update orders_order set accepted_at = now() - interval '31 minutes'")
			.fetch()
			.rowsUpdated());

		assertThat(await(this.store.answer(order.id(), true)).answered()).contains(Order.Answered.ACCEPTED);
	}

	/** Nothing follows the log in this ledger, as if an old transaction held it up. */
	@Test
	void anOutcomeIsSeenWithoutTheLog() {
		Order order = this.ledger.accept("r1");
		Mono<OrderState> outcome = Mono.fromFuture(this.orders.outcome(order.id()).toFuture());

		await(this.store.find(order.id()));
		await(this.orders.reject(order, NO_BALANCE));

		assertThat(await(outcome)).isEqualTo(OrderState.REJECTED);
	}

	@Test
	void anIdempotencyKeyMakesOneOrder() {
		await(this.orders.accept(keyed("r1", "k1")));

		assertThatThrownBy(() -> await(this.orders.accept(keyed("r2", "k1")))).isInstanceOf(IdempotencyKeyTaken.class);
		assertThat(rows("orders_order")).isOne();
	}

	@Test
	void manyUsesOfOneKeyAtOnceMakeOneOrder() {
		Flux<Order> made = Flux.range(0, 20)
			.flatMap((i) -> this.orders.accept(keyed("r" + i, "k1")).onErrorComplete(IdempotencyKeyTaken.class));

		assertThat(await(made.collectList())).hasSize(1);
		assertThat(rows("orders_order")).isOne();
		assertThat(rows("orders_event")).isOne();
	}

	@Test
	void aStaleVersionChangesNothing() {
		Order read = this.ledger.accept("r1");
		Order moved = this.ledger.sending(read);

		StepVerifier.create(this.store.move(read, Change.to(OrderState.REJECTED))).expectComplete().verify(LIMIT);

		assertThat(await(this.store.find(read.id()))).extracting(Order::state, Order::version)
			.containsExactly(OrderState.SENDING, moved.version());
		assertThat(states(read)).containsExactly(OrderState.ACCEPTED, OrderState.SENDING);
	}

	@Test
	void ofTwoWritersOfOneVersionOneWins() {
		Order read = this.ledger.sending(this.ledger.accept("r1"));

		List<Order> winners = await(
				Flux.range(0, 8).flatMap((i) -> this.store.move(read, Change.to(OrderState.HANDLING))).collectList());

		assertThat(winners).hasSize(1);
		assertThat(states(read)).containsExactly(OrderState.ACCEPTED, OrderState.SENDING, OrderState.HANDLING);
	}

	/** Both hold a lease in their opinion, and neither has moved the version. */
	@Test
	void ofTwoSweepersTheOneWithTheSmallerTokenChangesNoRow() {
		Order read = this.ledger.handled("r1");
		assertThat(await(this.store.seenUnchanged(List.of(read), 1))).isOne();
		assertThat(await(this.store.seenUnchanged(List.of(read), 2))).isOne();

		assertThat(await(this.store.seenUnchanged(List.of(read), 1))).isZero();
		StepVerifier.create(this.store.move(read, Change.to(OrderState.FULFILLED).fencedBy(1)))
			.expectComplete()
			.verify(LIMIT);
		StepVerifier.create(this.store.move(read, Change.note().flag("stale").fencedBy(1)))
			.expectComplete()
			.verify(LIMIT);

		assertThat(await(this.store.find(read.id()))).extracting(Order::state, Order::version, Order::flag)
			.containsExactly(OrderState.HANDLING, read.version(), null);
		assertThat(await(this.store.move(read, Change.to(OrderState.QUEUED).fencedBy(2))).state())
			.isEqualTo(OrderState.QUEUED);
	}

	/** Age in seconds, and seconds until the next look. */
	@ParameterizedTest
	@CsvSource({ "0, 0", "119, 0", "121, 60", "599, 60", "601, 300", "3599, 300", "3601, 900", "21599, 900",
			"21601, 3600", "300000, 3600" })
	void theOlderTheLaterItIsLookedAt(int age, int pause) {
		Order order = sentAgo(age);

		await(this.store.seenUnchanged(List.of(order), 1));

		assertThat(await(this.ledger.database()
			.sql("select extract(epoch from due_at - updated_at)::int from orders_order")
			.mapValue(Integer.class)
			.one())).isBetween(pause, pause + 20);
	}

	@Test
	void whatIsOpenForThreeDaysIsFlaggedOnce() {
		await(this.store.seenUnchanged(List.of(sentAgo(72 * 3600 - 60)), 1));
		assertThat(await(this.store.findByRef(SHOP, Family.INTERNET, "r1")).flag()).isNull();

		Order old = sentAgo(72 * 3600 + 1, "r2");
		await(this.store.seenUnchanged(List.of(old), 1));
		assertThat(await(this.store.find(old.id())).flag()).isEqualTo("open for 72 h");

		Order known = this.ledger.move(sentAgo(72 * 3600 + 1, "r3"), OrderState.QUEUED);
		await(this.orders.apply(known, Change.note().flag("known")));
		await(this.store.seenUnchanged(List.of(known), 1));
		assertThat(await(this.store.find(known.id())).flag()).isEqualTo("known");
	}

	@Test
	void aMoveLeavesItsTokenToo() {
		Order moved = await(this.store.move(this.ledger.handled("r1"), Change.to(OrderState.QUEUED).fencedBy(2)));

		assertThat(await(this.store.seenUnchanged(List.of(moved), 1))).isZero();
	}

	@Test
	void writesThatAreNoSweepsCarryNoToken() {
		Order read = this.ledger.handled("r1");
		await(this.store.seenUnchanged(List.of(read), 7));

		Order noted = await(this.store.move(read, Change.note().flag("look")));

		assertThat(await(this.store.seenUnchanged(List.of(noted), 6))).isZero();
		assertThat(await(this.store.seenUnchanged(List.of(noted), 7))).isOne();
	}

	@Test
	void anIllegalMoveWritesNothing() {
		Order done = this.ledger.fulfilled("r1");

		assertThatThrownBy(() -> this.orders.apply(done, Change.to(OrderState.SENDING)))
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("FULFILLED");
		assertThat(states(done)).endsWith(OrderState.FULFILLED);
	}

	@Test
	void stateAndEventComeAndGoTogether() {
		Order read = this.ledger.sending(this.ledger.accept("r1"));
		await(this.ledger.database()
			.sql("alter table orders_event add constraint broken check (state <> 'HANDLING')")
			.fetch()
			.rowsUpdated());

		assertThatThrownBy(() -> await(this.store.move(read, Change.to(OrderState.HANDLING)))).isNotNull();

		assertThat(await(this.store.find(read.id())).state()).isEqualTo(OrderState.SENDING);
		assertThat(states(read)).containsExactly(OrderState.ACCEPTED, OrderState.SENDING);
	}

	@Test
	void numbersCountOnlyWhatCallersSee() {
		Order order = this.ledger.move(this.ledger.handled("r1"), OrderState.QUEUED, OrderState.FULFILLED);

		List<OrderEvent> history = await(this.ledger.events().history(order.id()).collectList());

		assertThat(history).extracting((event) -> event.number().orElse(null)).containsExactly(1, null, null, 2, 3);
		assertThat(history).extracting(OrderEvent::status)
			.containsExactly("HANDLING", "HANDLING", "HANDLING", "QUEUED", "FULFILLED");
		assertThat(order.changes()).isEqualTo(3);
	}

	@Test
	void aCorrectionIsSeenEvenWhereTheStatusStays() {
		Order rejected = await(this.orders.reject(this.ledger.accept("r1"), NO_BALANCE));

		Order refunded = this.ledger.move(rejected, OrderState.REFUNDED);

		assertThat(this.ledger.visible(refunded)).extracting(OrderEvent::status, OrderEvent::correction)
			.endsWith(tuple("REFUNDED", false), tuple("REFUNDED", true));
	}

	@Test
	void aNoteLeavesNoEvent() {
		Order order = this.ledger.accept("r1");

		Order noted = await(this.orders.apply(order, Change.note().flag("look")));

		assertThat(noted.version()).isGreaterThan(order.version());
		assertThat(rows("orders_event")).isOne();
	}

	@Test
	void whatIsFoundOutIsStored() {
		Order order = this.ledger.handled("r1");

		Order now = await(this.orders.apply(order,
				Change.note()
					.cost(new BigDecimal("975.50"))
					.sends(2)
					.absences(1)
					.cardReads(3)
					.arrived()
					.reason("asked")
					.suggestedOffers("[1]")
					.filled(2, new BigDecimal("490"))
					.candidates(List.of("a", "b"))
					.adopted("theirs")
					.flag("look")));

		assertThat(await(this.orders.find(order.id()))).usingRecursiveComparison()
			.ignoringFields("readAt")
			.isEqualTo(now);
		assertThat(now.state()).isEqualTo(OrderState.HANDLING);
		assertThat(now.cost()).isEqualByComparingTo("975.50");
		assertThat(now.sending().count()).isEqualTo(2);
		assertThat(now.sending().absences()).isOne();
		assertThat(now.sending().absentAt()).isNotNull();
		assertThat(now.sending().arrived()).isTrue();
		assertThat(now.cardReads()).isEqualTo(3);
		assertThat(now.reason()).isEqualTo("asked");
		assertThat(now.ending()).isEqualTo(new Ending("[1]", 2, new BigDecimal("490"), "a b"));
		assertThat(now.upstreamId()).isEqualTo("theirs");
		assertThat(now.flag()).isEqualTo("look");
		assertThat(await(this.orders.apply(now, Change.note().unflagged())).flag()).isNull();
	}

	@Test
	void whatIsNotToldChangesNothing() {
		Order order = await(this.orders.apply(this.ledger.handled("r1"),
				Change.note()
					.cost(new BigDecimal("975.50"))
					.reason("asked")
					.suggestedOffers("[1]")
					.filled(2, new BigDecimal("490"))));

		Order now = await(this.orders.apply(order,
				Change.note().cost(null).reason(null).suggestedOffers(null).filled(null, null)));

		assertThat(now.cost()).isEqualByComparingTo("975.50");
		assertThat(now.reason()).isEqualTo("asked");
		assertThat(now.ending()).isEqualTo(order.ending());
	}

	/** The same upstream order is not two of ours. */
	@Test
	void anUpstreamOrderIsAdoptedOnce() {
		await(this.orders.apply(this.ledger.handled("r1"), Change.note().adopted("theirs")));

		StepVerifier.create(this.orders.apply(this.ledger.handled("r2"), Change.note().adopted("theirs")))
			.verifyError(DuplicateKeyException.class);
	}

	@Test
	void claimsAtOnceNeverOverlap() {
		await(Flux.range(0, 100).flatMap((i) -> this.orders.accept(Ledger.order(SHOP, "r" + i)), 8).collectList());

		List<Order> claimed = await(Flux.range(0, 20)
			.flatMap((i) -> this.orders.claimToSend(ACCOUNT, Family.SOLD, 10, LEASE), 20)
			.collectList());

		Set<OrderId> distinct = new HashSet<>(claimed.stream().map(Order::id).toList());
		assertThat(distinct).hasSameSizeAs(claimed);
		assertThat(
				await(this.orders.claimToSend(ACCOUNT, Family.SOLD, 100, LEASE).collectList()).size() + claimed.size())
			.isEqualTo(100);
	}

	@Test
	void aClaimLapsesAfterItsLeaseAndNotBefore() {
		this.ledger.accept("r1");

		assertThat(await(this.orders.claimToSend(ACCOUNT, Family.SOLD, 1, LAPSED).collectList())).hasSize(1);
		assertThat(await(this.orders.claimToSend(ACCOUNT, Family.SOLD, 1, LEASE).collectList())).hasSize(1);
		assertThat(await(this.orders.claimToSend(ACCOUNT, Family.SOLD, 1, LEASE).collectList())).isEmpty();
	}

	@Test
	void whoLostHisClaimChangesNothing() {
		this.ledger.accept("r1");
		Order first = await(this.orders.claimToSend(ACCOUNT, Family.SOLD, 1, LAPSED).single());
		Order second = await(this.orders.claimToSend(ACCOUNT, Family.SOLD, 1, LEASE).single());

		StepVerifier.create(this.store.beginSending(first, null, LEASE, LEASE)).expectComplete().verify(LIMIT);
		assertThat(await(this.store.beginSending(second, null, LEASE, LEASE)).state()).isEqualTo(OrderState.SENDING);
	}

	@Test
	void onlyBrokenOffSendsAreClaimedToBeSettled() {
		this.ledger.accept("waiting");
		Order begun = await(this.store.beginSending(this.ledger.accept("begun"), null, LEASE, LAPSED));
		await(this.store.beginSending(this.ledger.accept("busy"), null, LEASE, LEASE));

		List<Order> claimed = await(this.store.claimToSettle(ACCOUNT, 10, LEASE).collectList());

		assertThat(claimed).extracting(Order::id).containsExactly(begun.id());
	}

	@Test
	void sendingNotesPriceCountAndTimes() {
		Order sending = await(
				this.store.beginSending(this.ledger.accept("r1"), new BigDecimal("975.50"), LEASE, LEASE));

		assertThat(sending.cost()).isEqualTo(new BigDecimal("975.5"));
		assertThat(sending.sending().count()).isEqualTo(1);
		assertThat(Duration.between(sending.sending().at(), sending.sending().by())).isEqualTo(LEASE);
	}

	@Test
	void nothingIsBegunAfterItsDeadline() {
		Order late = await(this.orders.accept(within(Duration.ZERO, "late")));
		Order early = await(this.orders.accept(within(LEASE, "early")));

		StepVerifier.create(this.store.beginSending(late, null, LEASE, LEASE)).expectComplete().verify(LIMIT);
		assertThat(await(this.store.beginSending(early, null, LEASE, LEASE)).state()).isEqualTo(OrderState.SENDING);
	}

	@Test
	void anEndHasItsTimeAndAsksForNobodyAnyMore() {
		Order open = await(this.orders.apply(this.ledger.handled("r1"), Change.note().flag("look")));

		Order queued = this.ledger.move(open, OrderState.QUEUED);
		assertThat(queued.finalAt()).isNull();
		assertThat(queued.flag()).isEqualTo("look");

		Order done = this.ledger.move(queued, OrderState.FULFILLED);
		assertThat(done.finalAt()).isEqualTo(done.readAt());
		assertThat(done.flag()).isNull();

		Order asking = await(this.orders.apply(this.ledger.handled("r2"),
				Change.to(OrderState.FULFILLED).flag("delivered without a card code")));
		assertThat(asking.flag()).isEqualTo("delivered without a card code");
	}

	@Test
	void onlyALookThatMissedItIsNotedAsOne() {
		Order noted = await(this.orders.apply(this.ledger.handled("r1"), Change.note().flag("look")));

		assertThat(noted.sending().absentAt()).isNull();
	}

	@Test
	void aCardIsStoredWithWhatIsKnownOfIt() {
		Instant processed = Instant.parse("2026-01-02T03:04:05Z");

		Order whole = await(this.orders.deliver(this.ledger.handled("r1"), OrderState.FULFILLED,
				Optional.of(new Card("4711", "t-1", processed)), Change.note()));
		Order bare = await(this.orders.deliver(this.ledger.handled("r2"), OrderState.FULFILLED,
				Optional.of(new Card("4712", null, null)), Change.note()));
		Order none = await(this.orders.deliver(this.ledger.handled("r3"), OrderState.PARTIALLY_FILLED, Optional.empty(),
				Change.note().flag("none")));

		assertThat(whole.state()).isEqualTo(OrderState.FULFILLED);
		assertThat(whole.card().code()).isNotNull().doesNotContain("4711");
		assertThat(whole.card().keyId()).isNotNull();
		assertThat(whole.card().transaction()).isEqualTo("t-1");
		assertThat(whole.card().processedAt()).isEqualTo(processed);
		assertThat(bare.card().code()).isNotNull();
		assertThat(bare.card().transaction()).isNull();
		assertThat(bare.card().processedAt()).isNull();
		assertThat(none.state()).isEqualTo(OrderState.PARTIALLY_FILLED);
		assertThat(none.card()).isEqualTo(new SealedCard(null, null, null, null));
	}

	@Test
	void whatAnOperatorDoesIsWrittenDownWithItsChange() {
		Move move = new Move("adopt", new CallerId("boss"), new RequestId("req_1_b"), "he called", Optional.of("{}"));

		await(this.orders.apply(this.ledger.handled("r1"), Change.to(OrderState.QUEUED).by(move)));

		assertThat(await(this.ledger.database()
			.sql("select concat_ws(' ', who, request_id, move, arguments, reason, outcome) from operator_move")
			.mapValue(String.class)
			.one())).isEqualTo("boss req_1_b adopt {} he called DONE");
	}

	@Test
	void aChangeSaysWhenTheOrderIsLookedAtNext() {
		await(this.orders.apply(this.ledger.handled("r1"), Change.note().dueIn(Duration.ofMillis(1500))));

		assertThat(await(this.ledger.database()
			.sql("select extract(epoch from due_at - updated_at)::float8 from orders_order")
			.mapValue(Double.class)
			.one())).isEqualTo(1.5);
	}

	@Test
	void aClaimToSendLastsAsLongAsItSays() {
		this.ledger.accept("r1");

		await(this.orders.claimToSend(ACCOUNT, Family.SOLD, 1, Duration.ofSeconds(90)).single());

		assertThat(await(this.ledger.database()
			.sql("select extract(epoch from due_at - now())::float8 from orders_order")
			.mapValue(Double.class)
			.one())).isBetween(20.0, 90.0);
	}

	@Test
	void onlyWhatTheUpstreamHasIsFollowed() {
		this.ledger.accept("waiting");
		this.ledger.fulfilled("done");
		Order first = this.ledger.handled("r1");
		Order second = this.ledger.handled("r2");
		await(this.orders.apply(this.ledger.handled("later"), Change.note().dueIn(LEASE)));

		assertThat(await(this.orders.toFollow(ACCOUNT, Family.INTERNET, 10).map(Order::id).collectList()))
			.containsExactly(first.id(), second.id());
		assertThat(await(this.orders.toFollow(ACCOUNT, Family.INTERNET, 1).map(Order::id).collectList()))
			.containsExactly(first.id());
		assertThat(await(this.orders.toFollow(ACCOUNT, Family.MOBILE, 10).collectList())).isEmpty();
	}

	@Test
	void ordersAreFoundByTheirOwnIdsAndByTheUpstreams() {
		Order own = this.ledger.accept("r1");
		Order known = await(this.orders.apply(this.ledger.handled("r2"), Change.note().upstreamId("theirs")));
		this.ledger.accept("r3");

		assertThat(await(this.orders.all(ACCOUNT, List.of(own.id(), known.id()), List.of("theirs", "nobodys"))
			.map(Order::id)
			.collectList())).containsExactlyInAnyOrder(own.id(), known.id());
		assertThat(await(this.orders.all(new AccountId("other"), List.of(), List.of("theirs")).collectList()))
			.isEmpty();
		assertThat(await(this.orders.byUpstreamIds(ACCOUNT, List.of("theirs", "nobodys"))))
			.isEqualTo(Map.of("theirs", known.id()));
		assertThat(await(this.orders.byUpstreamIds(ACCOUNT, List.of()))).isEmpty();
	}

	@Test
	void ordersArePagedByTheirAcceptance() {
		Order first = this.ledger.accept("r1");
		Order second = this.ledger.accept(OTHER, "r2");
		List<OrderId> both = Stream.of(first.id(), second.id()).sorted(Comparator.comparing(OrderId::value)).toList();
		Instant hourAgo = first.acceptedAt().minusSeconds(3600);
		Instant inAnHour = first.acceptedAt().plusSeconds(3600);

		assertThat(accepted(hourAgo, inAnHour, Optional.empty(), 10)).containsExactlyElementsOf(both);
		assertThat(accepted(hourAgo, inAnHour, Optional.empty(), 1)).containsExactly(both.getFirst());
		assertThat(accepted(hourAgo, inAnHour, Optional.of(both.getFirst()), 10)).containsExactly(both.getLast());
		assertThat(accepted(hourAgo, hourAgo.plusSeconds(60), Optional.empty(), 10)).isEmpty();
		assertThat(accepted(inAnHour, inAnHour, Optional.empty(), 10)).isEmpty();
	}

	/** What went out before a connection was had cannot have been accepted. */
	@Test
	void tellsThatAnAcceptanceHasBegun() {
		Uncommitted order = new Uncommitted(new OrderId("0123456789abcdef01234567"), Ledger.order(SHOP, "r1"));
		order.take();

		await(this.store.accept(List.of(order)));

		assertThat(order.withdraw()).isFalse();
	}

	@Test
	void whatWasWithdrawnMeanwhileDoesNotGoOut() {
		Uncommitted withdrawn = new Uncommitted(new OrderId("0123456789abcdef01234567"), Ledger.order(SHOP, "r1"));
		Uncommitted other = new Uncommitted(new OrderId("0123456789abcdef01234568"), Ledger.order(SHOP, "r2"));
		withdrawn.take();
		other.take();
		withdrawn.withdraw();

		assertThatThrownBy(() -> await(this.store.accept(List.of(other, withdrawn))))
			.isInstanceOf(Uncommitted.Withdrawn.class);
		assertThat(this.orders.findByRef(SHOP, Family.INTERNET, "r2").blockOptional(LIMIT)).isEmpty();
	}

	private List<OrderId> accepted(Instant from, Instant to, Optional<OrderId> after, int limit) {
		return await(this.orders.accepted(ACCOUNT, from, to, after, limit).map(Order::id).collectList());
	}

	private Order sentAgo(int seconds) {
		return sentAgo(seconds, "r1");
	}

	private Order sentAgo(int seconds, String ref) {
		Order order = this.ledger.handled(ref);
		await(this.ledger.database()
			.sql("update orders_order set sent_at = now() - :age * interval '1 second' where id = :id")
			.bind("age", seconds)
			.bind("id", order.id().value())
			.fetch()
			.rowsUpdated());
		return order;
	}

	private void refused(String ref, String code, int status) {
		assertThatThrownBy(() -> this.ledger.accept(ref)).isInstanceOfSatisfying(Problem.class, (problem) -> {
			assertThat(problem.code()).isEqualTo(code);
			assertThat(problem.status()).isEqualTo(status);
		});
	}

	private List<OrderState> states(Order order) {
		return await(this.ledger.events().history(order.id()).map(OrderEvent::state).collectList());
	}

	private long rows(String table) {
		return await(this.ledger.database().sql("select count(*) from " + table).mapValue(Long.class).one());
	}

	private static NewOrder keyed(String ref, String key) {
		NewOrder plain = Ledger.order(SHOP, ref);
		return new NewOrder(plain.caller(), plain.family(), plain.ref(), plain.item(), plain.sendDeadline(),
				plain.answered(), Optional.of(new IdempotencyKey(SHOP, "/v3/internet/send", key, "digest")));
	}

	private static NewOrder within(Duration deadline, String ref) {
		NewOrder plain = Ledger.order(SHOP, ref);
		return new NewOrder(plain.caller(), plain.family(), plain.ref(), plain.item(), deadline, plain.answered(),
				plain.idempotency());
	}

}
