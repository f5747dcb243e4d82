package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import org.jspecify.annotations.Nullable;

/**
 * What one write changes of an order. Immutable; each method adds to a copy.
 */
public final class Change {

	private static final long NO_TOKEN = 0;

	private final @Nullable OrderState state;

	private final Duration dueIn;

	private final long token;

	private final Map<String, Object> columns;

	private final @Nullable Move move;

	private Change(@Nullable OrderState state, Duration dueIn, long token, Map<String, Object> columns,
			@Nullable Move move) {
		this.state = state;
		this.dueIn = dueIn;
		this.token = token;
		this.columns = columns;
		this.move = move;
	}

	/**
	 * A move to another state.
	 * @param state where to
	 * @return the change
	 */
	public static Change to(OrderState state) {
		return new Change(state, Duration.ZERO, NO_TOKEN, Map.of(), null);
	}

	/**
	 * A note on an order that stays where it is; callers see nothing of it.
	 * @return the change
	 */
	public static Change note() {
		return new Change(null, Duration.ZERO, NO_TOKEN, Map.of(), null);
	}

	/**
	 * When somebody looks at the order next, by the database's time.
	 * @param delay from now
	 * @return a copy
	 */
	public Change dueIn(Duration delay) {
		return new Change(this.state, delay, this.token, this.columns, this.move);
	}

	/**
	 * Fences the write by a lease as well: it changes nothing once a holder with a
	 * greater token has looked at the order.
	 * @param leaseToken of the lease under which the order was looked at; 0 fences by the
	 * version alone
	 * @return a copy
	 */
	public Change fencedBy(long leaseToken) {
		return new Change(this.state, this.dueIn, leaseToken, this.columns, this.move);
	}

	/**
	 * Writes the change down as an operator's, in the same statement.
	 * @param what he does
	 * @return a copy
	 */
	public Change by(Move what) {
		return new Change(this.state, this.dueIn, this.token, this.columns, what);
	}

	public Change upstreamId(String id) {
		return with("upstream_id", id);
	}

	public Change cost(@Nullable BigDecimal cost) {
		return (cost != null) ? with("cost", cost) : this;
	}

	public Change sends(int sends) {
		return with("sends", sends);
	}

	public Change absences(int absences) {
		return with("absences", absences);
	}

	public Change cardReads(int reads) {
		return with("card_reads", reads);
	}

	/**
	 * The upstream knows our reference, so the order exists.
	 * @return a copy
	 */
	public Change arrived() {
		return with("arrived", true);
	}

	/**
	 * Why, in a word; callers see it in events and as {@code refund_message}.
	 * @param reason never a secret
	 * @return a copy
	 */
	public Change reason(@Nullable String reason) {
		return (reason != null) ? with("reason", reason) : this;
	}

	/**
	 * Offers for the number instead of a refunded one (contract section 5.3).
	 * @param json as the upstream gave them
	 * @return a copy
	 */
	public Change suggestedOffers(@Nullable String json) {
		return (json != null) ? with("suggested_offers", json) : this;
	}

	/**
	 * How many gift cards came, and at what price each (contract section 6.4).
	 * @param fulfilled how many
	 * @param price DZD a card
	 * @return a copy
	 */
	public Change filled(@Nullable Integer fulfilled, @Nullable BigDecimal price) {
		Change change = (fulfilled != null) ? with("fulfilled", fulfilled) : this;
		return (price != null) ? change.with("card_price", price) : change;
	}

	/**
	 * Fixes which of the upstream's orders may be this one, and lets the next order of
	 * its lane be sent.
	 * @param ids the upstream's ids, none or more
	 * @return a copy
	 */
	public Change candidates(Collection<String> ids) {
		return with("candidates", String.join(" ", ids)).with("in_lane", false);
	}

	/**
	 * A person says that the upstream's order of that id is this one. Writing it fails
	 * with a duplicate key if it was said of another order of ours.
	 * @param id the upstream's id
	 * @return a copy
	 */
	public Change adopted(String id) {
		return upstreamId(id).with("adopted", id);
	}

	/**
	 * Asks for a person, until the order is final.
	 * @param why for the operator
	 * @return a copy
	 */
	public Change flag(String why) {
		return with("flag", why);
	}

	/**
	 * Asks for nobody any more.
	 * @return a copy
	 */
	public Change unflagged() {
		return with("flag", Parameters.in(R2dbcType.VARCHAR));
	}

	/**
	 * The same change with a move to that state.
	 * @param next where to
	 * @return a copy
	 */
	public Change as(OrderState next) {
		return new Change(next, this.dueIn, this.token, this.columns, this.move);
	}

	Change refusal(String json) {
		return with("refusal", json);
	}

	Change card(SealedCard card) {
		Change change = this;
		if (card.code() != null && card.keyId() != null) {
			change = change.with("card_code", card.code()).with("card_key", card.keyId());
		}
		if (card.transaction() != null) {
			change = change.with("num_trans", card.transaction());
		}
		Instant processed = card.processedAt();
		return (processed != null) ? change.with("processed_at", processed) : change;
	}

	@Nullable OrderState state() {
		return this.state;
	}

	Duration dueIn() {
		return this.dueIn;
	}

	/** Zero if the write is no sweep's. */
	long token() {
		return this.token;
	}

	@Nullable Move move() {
		return this.move;
	}

	Map<String, Object> columns() {
		return this.columns;
	}

	private Change with(String column, Object value) {
		Map<String, Object> more = new LinkedHashMap<>(this.columns);
		more.put(column, value);
		return new Change(this.state, this.dueIn, this.token, more, this.move);
	}

}
