package dz.flexy.gateway.polling;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.problem.RequestId;
import dz.flexy.gateway.upstream.DeliveredCard;
import dz.flexy.gateway.upstream.Filling;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

@TestInstance(Lifecycle.PER_CLASS)
class SightingsTest {

	private static final Duration CARD_WAIT = Duration.ofMillis(500);

	private static final Optional<DeliveredCard> CARD = Optional.of(new DeliveredCard("012345678901", "AT-1", null));

	private LedgerUnderTest ledger;

	private Sightings sightings;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start();
		this.sightings = this.ledger.bean(Sightings.class);
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	/** State, status seen, state afterwards; the same twice where nothing changes. */
	@ParameterizedTest
	@CsvSource({ "SEND_UNKNOWN, PENDING, HANDLING", "SEND_UNKNOWN, HANDLING, HANDLING", "SEND_UNKNOWN, OTHER, HANDLING",
			"SEND_UNKNOWN, QUEUED, QUEUED", "SEND_UNKNOWN, UNKNOWN_ERROR, UNKNOWN_ERROR",
			"SEND_UNKNOWN, REFUNDED, REFUNDED", "SENDING, HANDLING, HANDLING", "HANDLING, PENDING, HANDLING",
			"HANDLING, HANDLING, HANDLING", "HANDLING, OTHER, HANDLING", "HANDLING, QUEUED, QUEUED",
			"HANDLING, UNKNOWN_ERROR, UNKNOWN_ERROR", "HANDLING, REFUNDED, REFUNDED", "QUEUED, HANDLING, QUEUED",
			"QUEUED, PENDING, QUEUED", "QUEUED, OTHER, QUEUED", "QUEUED, QUEUED, QUEUED", "QUEUED, REFUNDED, REFUNDED",
			"QUEUED, UNKNOWN_ERROR, UNKNOWN_ERROR", "UNKNOWN_ERROR, HANDLING, UNKNOWN_ERROR",
			"UNKNOWN_ERROR, QUEUED, QUEUED", "UNKNOWN_ERROR, REFUNDED, REFUNDED", "REFUNDED, HANDLING, REFUNDED",
			"REFUNDED, QUEUED, REFUNDED", "REFUNDED, REFUNDED, REFUNDED", "PENDING, HANDLING, HANDLING",
			"PENDING, PENDING, HANDLING" })
	void movesForwardOnly(OrderState from, TopupStatus seen, OrderState to) {
		Order order = in(from);

		Optional<Order> moved = seen(order, seen, Optional.empty());

		assertThat(moved.isPresent()).isEqualTo(from != to);
		assertThat(this.ledger.stored(order).state()).isEqualTo(to);
		assertThat(this.ledger.stored(order).version()).isEqualTo(order.version() + (from != to ? 1 : 0));
	}

	@Test
	void learnsTheUpstreamsIdAndWhyItWasRefunded() {
		Order order = in(OrderState.SEND_UNKNOWN);
		Topup topup = new Topup("id-7", order.upstreamRef(), TopupStatus.REFUNDED, null, null, null, null,
				Optional.empty(), Optional.empty(), "wrong line", null);

		this.sightings.seen(order, topup).block();

		assertThat(this.ledger.stored(order).upstreamId()).isEqualTo("id-7");
		assertThat(this.ledger.stored(order).reason()).isEqualTo("wrong line");
	}

	@ParameterizedTest
	@EnumSource(names = { "SENDING", "SEND_UNKNOWN", "HANDLING", "QUEUED", "UNKNOWN_ERROR" })
	void deliversWithTheCard(OrderState from) {
		Order order = in(from);

		Order delivered = seen(order, TopupStatus.FULFILLED, CARD).orElseThrow();

		assertThat(delivered.state()).isEqualTo(OrderState.FULFILLED);
		assertThat(delivered.flag()).isNull();
		assertThat(delivered.toString()).doesNotContain("012345678901");
		assertThat(delivered.finalAt()).isNotNull();
	}

	@Test
	void waitsForTheCardAndDeliversAtTheThirdLook() {
		Order order = in(OrderState.SEND_UNKNOWN);

		Order first = seen(order, TopupStatus.FULFILLED, Optional.empty()).orElseThrow();
		assertThat(first.state()).isEqualTo(OrderState.HANDLING);
		assertThat(first.cardReads()).isEqualTo(1);
		assertThat(this.ledger.pause(first)).isEqualTo(CARD_WAIT);

		Order second = seen(first, TopupStatus.FULFILLED, Optional.empty()).orElseThrow();
		assertThat(second.state()).isEqualTo(OrderState.HANDLING);
		assertThat(second.changes()).isEqualTo(first.changes());

		Order third = seen(second, TopupStatus.FULFILLED, Optional.empty()).orElseThrow();
		assertThat(third.state()).isEqualTo(OrderState.FULFILLED);
		assertThat(third.flag()).isEqualTo("delivered without a card code");
	}

	@Test
	void aCardThatComesLateIsDelivered() {
		Order waiting = seen(in(OrderState.HANDLING), TopupStatus.FULFILLED, Optional.empty()).orElseThrow();

		Order delivered = seen(waiting, TopupStatus.FULFILLED, CARD).orElseThrow();

		assertThat(delivered.state()).isEqualTo(OrderState.FULFILLED);
		assertThat(delivered.flag()).isNull();
	}

	@Test
	void anOlderReadingChangesNothing() {
		Order order = in(OrderState.SEND_UNKNOWN);
		seen(order, TopupStatus.QUEUED, Optional.empty());

		assertThat(seen(order, TopupStatus.HANDLING, Optional.empty())).isEmpty();
		assertThat(this.ledger.stored(order).state()).isEqualTo(OrderState.QUEUED);
	}

	@Test
	void anOrderAlreadyDeliveredIsLeftAlone() {
		Order delivered = seen(in(OrderState.HANDLING), TopupStatus.FULFILLED, CARD).orElseThrow();

		assertThat(seen(delivered, TopupStatus.FULFILLED, CARD)).isEmpty();
		assertThat(seen(delivered, TopupStatus.HANDLING, Optional.empty())).isEmpty();
		assertThat(this.ledger.stored(delivered).version()).isEqualTo(delivered.version());
	}

	@ParameterizedTest
	@CsvSource({ "FULFILLED, , 2, false", "FULFILLED, , 3, true", "FULFILLED, 3, 2, false",
			"PARTIALLY_FILLED, 2, 2, true", "PARTIALLY_FILLED, , 2, true", "PARTIALLY_FILLED, 2, 1, false",
			"FULFILLED, , 0, false" })
	void fewerCardsThanWereDeliveredAreNotAll(TopupStatus status, Integer fulfilled, int shown, boolean all) {
		assertThat(giftCards(status, fulfilled, shown).showsAllCards()).isEqualTo(all);
	}

	@Test
	void theLastReadKeepsTheCardsThatAreThere() {
		Order order = this.ledger.apply(in(OrderState.HANDLING), Change.note().cardReads(2));

		this.sightings.seen(order, giftCards(TopupStatus.FULFILLED, 3, 2)).block();

		Order stored = this.ledger.stored(order);
		assertThat(stored.state()).isEqualTo(OrderState.FULFILLED);
		assertThat(stored.ending().fulfilled()).isEqualTo(3);
		assertThat(stored.flag()).contains("not all cards");
		assertThat(this.ledger.set(stored, "reason = case when card_code is null then 'no card' else 'a card' end")
			.reason()).isEqualTo("a card");
	}

	@Test
	void anAdoptedOrderTakesTheCardThatWasMissing() {
		Order waiting = this.ledger.set(in(OrderState.HANDLING), "card_reads = 2");
		Order bare = seen(waiting, TopupStatus.FULFILLED, Optional.empty()).orElseThrow();
		Topup topup = new Topup("id-1", bare.upstreamRef(), TopupStatus.FULFILLED, null, null, null, null, CARD,
				Optional.empty(), null, null);
		Move move = new Move("adopt", new CallerId("boss"), new RequestId("req_1_b"), "why", Optional.empty());

		Order adopted = this.sightings.adopt(bare, topup, move).block(Duration.ofSeconds(20));

		assertThat(bare.flag()).isEqualTo("delivered without a card code");
		assertThat(adopted.flag()).isNull();
		assertThat(adopted.card()).isNotEqualTo(bare.card());
	}

	private static Topup giftCards(TopupStatus status, Integer fulfilled, int shown) {
		Optional<DeliveredCard> cards = (shown > 0) ? Optional.of(new DeliveredCard("[]", null, null))
				: Optional.empty();
		return new Topup("id-1", "", status, "psn", null, null, null, cards,
				Optional.of(new Filling("gold", 3, fulfilled, null, null, shown)), null, null);
	}

	private Optional<Order> seen(Order order, TopupStatus status, Optional<DeliveredCard> card) {
		Topup topup = new Topup("id-1", order.upstreamRef(), status, null, null, null, null, card, Optional.empty(),
				null, null);
		return this.sightings.seen(order, topup).blockOptional(Duration.ofSeconds(20));
	}

	private Order in(OrderState state) {
		Order sending = this.ledger.sending();
		return (state == OrderState.SENDING) ? sending : this.ledger.apply(sending, Change.to(state));
	}

}
