package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Ledger;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.upstream.Filling;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The clocks may be 30 s apart. */
class LikenessTest {

	private static final Instant SENT = Instant.parse("2026-01-01T12:00:00Z");

	private static final Instant READ = SENT.plusSeconds(60);

	private static final Duration SKEW = Duration.ofSeconds(30);

	private static final Order ADSL = order(Family.INTERNET,
			new Item.TopUp("ADSL", "036362689", new BigDecimal("1000"), Optional.empty()));

	private static final Order PLAN = order(Family.MOBILE,
			new Item.TopUp("PREPAID", "0661234567", new BigDecimal("1000"), Optional.empty()));

	private static final Order CARDS = order(Family.GIFT_CARD,
			new Item.GiftCards("p1", "t1", 2, BigDecimal.ZERO, Optional.empty()));

	@Test
	void theSameTopUpDiffersInNothing() {
		assertThat(Likeness.differences(ADSL, topup("ADSL", "036362689", "1000.00", ADSL.upstreamRef()))).isEmpty();
		assertThat(Likeness.differences(ADSL, topup("ADSL", "036362689", "1000", "API-me-" + ADSL.upstreamRef())))
			.isEmpty();
		assertThat(Likeness.differences(ADSL, topup("ADSL", "036362689", "1000", ""))).isEmpty();
	}

	@Test
	void eachDifferenceIsTold() {
		assertThat(Likeness.differences(ADSL, topup("4G", "036362680", "999", "another")))
			.isEqualTo(Map.of("product", both("ADSL", "4G"), "number", both("036362689", "036362680"), "value",
					both(new BigDecimal("1000"), new BigDecimal("999")), "ref", both(ADSL.upstreamRef(), "another")));
	}

	@Test
	void whatIsNotShownIsNotTheSame() {
		assertThat(Likeness.differences(ADSL, topup(null, null, null, "")))
			.isEqualTo(Map.of("product", both("ADSL", "not shown"), "number", both("036362689", "not shown"), "value",
					both(new BigDecimal("1000"), "not shown")));
	}

	@Test
	void aMobilePlanHasItsOwnAmount() {
		assertThat(Likeness.differences(PLAN, topup("PREPAID", "0661234567", "1200", ""))).isEmpty();
		assertThat(Likeness.mayBe(PLAN, topup("PREPAID", "0661234567", "1200", ""))).isTrue();
	}

	@Test
	void whatIsNotShownMayBeTheSame() {
		assertThat(Likeness.mayBe(ADSL, topup("ADSL", "036362689", "1000.0", ""))).isTrue();
		assertThat(Likeness.mayBe(ADSL, topup(null, null, null, ""))).isTrue();
	}

	@Test
	void oneThingThatDiffersIsEnough() {
		assertThat(Likeness.mayBe(ADSL, topup("4G", null, null, ""))).isFalse();
		assertThat(Likeness.mayBe(ADSL, topup(null, "036362680", null, ""))).isFalse();
		assertThat(Likeness.mayBe(ADSL, topup(null, null, "999.99", ""))).isFalse();
		assertThat(Likeness.mayBe(PLAN, topup("PREPAID", "0661234568", "1000", ""))).isFalse();
	}

	@Test
	void giftCardsDifferInTypeAndQuantity() {
		assertThat(Likeness.differences(CARDS, cards("t1", 2, SENT))).isEmpty();
		assertThat(Likeness.differences(CARDS, cards("t2", 3, null)))
			.isEqualTo(Map.of("type", both("t1", "t2"), "quantity", both(2, 3)));
		assertThat(Likeness.differences(CARDS, cards(null, null, null)))
			.isEqualTo(Map.of("type", both("t1", "not shown"), "quantity", both(2, "not shown")));
	}

	@Test
	void giftCardsWereMadeBetweenTheFirstSendAndTheLook() {
		Instant earliest = SENT.minus(SKEW);
		Instant latest = READ.plus(SKEW);

		assertThat(Likeness.differences(CARDS, cards("t1", 2, earliest))).isEmpty();
		assertThat(Likeness.differences(CARDS, cards("t1", 2, latest))).isEmpty();
		assertThat(Likeness.differences(CARDS, cards("t1", 2, earliest.minusMillis(1))))
			.isEqualTo(Map.of("time", both("2026-01-01T11:59:30Z", "2026-01-01T11:59:29.999Z")));
		assertThat(Likeness.differences(CARDS, cards("t1", 2, latest.plusMillis(1))))
			.isEqualTo(Map.of("time", both("2026-01-01T12:01:30Z", "2026-01-01T12:01:30.001Z")));
		assertThat(Likeness.differences(CARDS, cards("t1", 2, latest), READ.minusMillis(1))).containsOnlyKeys("time");
	}

	private static Map<String, Object> both(Object ours, Object upstream) {
		return Map.of("ours", ours, "upstream", upstream);
	}

	private static Topup topup(@Nullable String product, @Nullable String number, @Nullable String value, String ref) {
		return new Topup("u1", ref, TopupStatus.HANDLING, product, number,
				(value != null) ? new BigDecimal(value) : null, null, Optional.empty(), Optional.empty(), null, null);
	}

	private static Topup cards(@Nullable String type, @Nullable Integer quantity, @Nullable Instant time) {
		return new Topup("u1", "", TopupStatus.HANDLING, "p1", null, null, null, Optional.empty(),
				Optional.of(new Filling(type, quantity, null, null, time, 0)), null, null);
	}

	private static Order order(Family family, Item item) {
		return Ledger.sent(family, item, SENT, READ);
	}

}
