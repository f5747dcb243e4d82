package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Reads rows of {@code orders_order} and {@code orders_event}. */
@Component
class OrderRow {

	private final ProblemJson problems;

	OrderRow(ProblemJson problems) {
		this.problems = problems;
	}

	Order order(Readable row) {
		return new Order(new OrderId(text(row, "id")), new AccountId(text(row, "account")),
				new CallerId(text(row, "caller")), Family.ofLabel(text(row, "family")), text(row, "ref"),
				text(row, "upstream_ref"), item(row), OrderState.valueOf(text(row, "state")), number(row, "version"),
				(int) number(row, "changes"), optional(row, "answer").map(Order.Answered::valueOf),
				instant(row, "accepted_at"), instant(row, "read_at"), sending(row), money(row, "cost"),
				row.get("upstream_id", String.class), optional(row, "refusal").map(this.problems::read),
				row.get("reason", String.class), ending(row), card(row), (int) number(row, "card_reads"),
				row.get("flag", String.class), row.get("final_at", Instant.class), row.get("erased_at", Instant.class));
	}

	OrderEvent event(Readable row) {
		String previous = row.get("previous_state", String.class);
		return new OrderEvent(new OrderEvent.Place(number(row, "xid"), number(row, "position")),
				new OrderId(text(row, "order_id")), new CallerId(text(row, "caller")),
				Optional.ofNullable(row.get("event_number", Integer.class)), instant(row, "at"),
				OrderState.valueOf(text(row, "state")), (previous != null) ? OrderState.valueOf(previous) : null,
				text(row, "status"), row.get("previous_status", String.class),
				Boolean.TRUE.equals(row.get("correction", Boolean.class)), row.get("reason", String.class),
				Family.ofLabel(text(row, "family")), text(row, "ref"), item(row), money(row, "cost"));
	}

	private static Item item(Readable row) {
		BigDecimal value = requireNonNull(money(row, "value"));
		Optional<BigDecimal> maxCost = Optional.ofNullable(money(row, "max_cost"));
		Integer quantity = row.get("quantity", Integer.class);
		return (quantity != null)
				? new Item.GiftCards(text(row, "product"), text(row, "card_type"), quantity, value, maxCost)
				: new Item.TopUp(text(row, "product"), text(row, "number"), value, maxCost);
	}

	private static Sending sending(Readable row) {
		return new Sending((int) number(row, "sends"), row.get("first_sent_at", Instant.class),
				row.get("sent_at", Instant.class), row.get("send_by", Instant.class), instant(row, "send_deadline"),
				(int) number(row, "absences"), row.get("absent_at", Instant.class),
				Boolean.TRUE.equals(row.get("arrived", Boolean.class)),
				Boolean.TRUE.equals(row.get("ask_first", Boolean.class)));
	}

	private static Ending ending(Readable row) {
		return new Ending(row.get("suggested_offers", String.class), row.get("fulfilled", Integer.class),
				money(row, "card_price"), row.get("candidates", String.class));
	}

	private static SealedCard card(Readable row) {
		return new SealedCard(row.get("card_code", String.class), row.get("card_key", String.class),
				row.get("num_trans", String.class), row.get("processed_at", Instant.class));
	}

	private static String text(Readable row, String column) {
		return requireNonNull(row.get(column, String.class));
	}

	private static Optional<String> optional(Readable row, String column) {
		return Optional.ofNullable(row.get(column, String.class));
	}

	private static Instant instant(Readable row, String column) {
		return requireNonNull(row.get(column, Instant.class));
	}

	private static long number(Readable row, String column) {
		return requireNonNull(row.get(column, Long.class));
	}

	static @Nullable BigDecimal money(Readable row, String column) {
		BigDecimal amount = row.get(column, BigDecimal.class);
		return (amount != null) ? plain(amount) : null;
	}

	/** Without the trailing zeros that arithmetic leaves, but never as a power of ten. */
	static BigDecimal plain(BigDecimal amount) {
		BigDecimal plain = amount.stripTrailingZeros();
		return (plain.scale() < 0) ? plain.setScale(0) : plain;
	}

}
