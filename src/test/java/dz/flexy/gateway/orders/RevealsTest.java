package dz.flexy.gateway.orders;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.RequestId;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;

/** Who sees a card, and what is written down of it. */
class RevealsTest {

	private static final RequestId REQUEST = new RequestId("req_1_b");

	private static final Caller ALLOWED = new Caller(SHOP, ACCOUNT, Set.of(Scope.CARDS_REVEAL), 1, LIMIT,
			Optional.empty());

	private static final Caller OTHERS = new Caller(SHOP, ACCOUNT, Set.of(Scope.ORDERS_READ), 1, LIMIT,
			Optional.empty());

	private final Ledger ledger = new Ledger(Database.fresh().connections());

	private final Reveals reveals = new Reveals(new RevealStore(this.ledger.database()),
			new CardVault(Ledger.properties(), new SecureRandom()));

	private final Order order = await(this.ledger.orders()
		.deliver(this.ledger.handled("r1"), OrderState.FULFILLED, Optional.of(new Card("4711", "t-1", null)),
				Change.note()));

	private final Order bare = this.ledger.fulfilled("r2");

	@Test
	void aViewShowsTheCardAndIsWrittenDownOnce() {
		assertThat(await(this.reveals.shown(ALLOWED, this.order, REQUEST))).contains(new Card("4711", "t-1", null));
		assertThat(await(this.reveals.shown(ALLOWED, this.order, REQUEST))).isPresent();

		assertThat(written()).containsExactly(this.order.id().value() + " shop req_1_b");
	}

	@Test
	void whoeverMayNotSeeItSeesNothing() {
		assertThat(await(this.reveals.shown(OTHERS, this.order, REQUEST))).isEmpty();
		assertThat(await(this.reveals.shown(ALLOWED, this.bare, REQUEST))).isEmpty();

		assertThat(written()).isEmpty();
	}

	@Test
	void eachTimeThatItIsAskedForIsWrittenDown() {
		assertThat(await(this.reveals.asked(ALLOWED, this.order, REQUEST)).code()).isEqualTo("4711");
		await(this.reveals.asked(ALLOWED, this.order, REQUEST));
		assertThat(this.reveals.asked(ALLOWED, this.bare, REQUEST).blockOptional(LIMIT)).isEmpty();

		assertThat(written()).hasSize(2);
	}

	@Test
	void anOrderFromBeforeTheGatewayLosesItsCardForWhoeverMayNotSeeIt() {
		assertThat(this.reveals.within(OTHERS, sent(), REQUEST).propertyNames()).containsExactly("_id");
		assertThat(this.reveals.within(ALLOWED, sent(), REQUEST)).isEqualTo(sent());
		assertThat(written()).isEmpty();
	}

	@Test
	void aCardIsMaskedWhereverItIsPrinted() {
		assertThat(new Card("4711", "t-1", null)).hasToString("Card[***]");
	}

	private static ObjectNode sent() {
		return (ObjectNode) JsonMapper.shared().readTree("""
				{"_id": "x", "card_code": "1", "num_trans": "2", "date_traitement": "3", "cards": []}""");
	}

	private List<String> written() {
		return await(this.ledger.database()
			.sql("select order_id || ' ' || caller || ' ' || request_id from orders_reveal")
			.mapValue(String.class)
			.all()
			.collectList());
	}

}
