package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.polling.ListPages;
import dz.flexy.gateway.upstream.Filling;
import dz.flexy.gateway.upstream.Topup;
import org.jspecify.annotations.Nullable;

/**
 * Compares an order with one of the upstream's that is taken for it, by a person or by
 * its reference.
 */
public final class Likeness {

	private final Map<String, Object> differences = new LinkedHashMap<>();

	private Likeness() {
	}

	/**
	 * Tells in what they differ. What is not shown is not the same.
	 * @param order ours
	 * @param topup theirs, of the same family
	 * @return by field, ours and theirs; empty if they are alike
	 */
	public static Map<String, Object> differences(Order order, Topup topup) {
		return differences(order, topup, order.readAt());
	}

	/**
	 * The same.
	 * @param until when a send of gift cards can have arrived at the latest
	 */
	static Map<String, Object> differences(Order order, Topup topup, Instant until) {
		Likeness likeness = new Likeness();
		likeness.compare("product", order.item().product(), topup.product());
		switch (order.item()) {
			case Item.TopUp item -> likeness.compare(order, item, topup);
			case Item.GiftCards item -> likeness.compare(order, item, topup.filling().orElseThrow(), until);
		}
		return likeness.differences;
	}

	/**
	 * Whether nothing that is shown of a top-up speaks against it. A fixed mobile plan
	 * has its own amount, whatever was sent.
	 */
	static boolean mayBe(Order order, Topup topup) {
		Item item = order.item();
		BigDecimal value = topup.value();
		return (topup.product() == null || topup.product().equals(item.product()))
				&& (topup.number() == null || topup.number().equals(item.number()))
				&& (value == null || order.family() == Family.MOBILE || value.compareTo(item.value()) == 0);
	}

	/** A fixed mobile plan has its own amount, whatever was sent. */
	private void compare(Order order, Item.TopUp item, Topup topup) {
		compare("number", item.number(), topup.number());
		BigDecimal value = topup.value();
		if (order.family() != Family.MOBILE && (value == null || value.compareTo(item.value()) != 0)) {
			differ("value", item.value(), value);
		}
		if (!topup.ref().isEmpty() && !topup.hasRef(order.upstreamRef())) {
			differ("ref", order.upstreamRef(), topup.ref());
		}
	}

	/** Nobody can have made it for us before we asked, or long after. */
	private void compare(Order order, Item.GiftCards item, Filling filling, Instant until) {
		compare("type", item.type(), filling.type());
		compare("quantity", item.quantity(), filling.quantity());
		if (filling.time() != null && filling.time().isBefore(ListPages.earliest(order))) {
			differ("time", ListPages.earliest(order).toString(), filling.time().toString());
		}
		if (filling.time() != null && filling.time().isAfter(ListPages.latest(until))) {
			differ("time", ListPages.latest(until).toString(), filling.time().toString());
		}
	}

	private void compare(String field, Object ours, @Nullable Object theirs) {
		if (!ours.equals(theirs)) {
			differ(field, ours, theirs);
		}
	}

	private void differ(String field, Object ours, @Nullable Object theirs) {
		this.differences.put(field, Map.of("ours", ours, "upstream", Objects.requireNonNullElse(theirs, "not shown")));
	}

}
