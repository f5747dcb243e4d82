package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One accepted order of gift cards. Its status is a function of its timeline and the time
 * asked for; its few mutable parts change under the lock of its book only.
 */
final class GiftOrder implements Deal {

	/**
	 * What was asked for.
	 *
	 * @param price of one card
	 */
	record Wish(String product, String type, int quantity, BigDecimal price) {

		GiftOutcome outcome() {
			return GiftOutcome.of(this.type);
		}

		BigDecimal total() {
			return this.price.multiply(BigDecimal.valueOf(this.quantity));
		}

	}

	/**
	 * What is printed on a card.
	 */
	record Card(String value, String serial) {
	}

	private static final int READS_WITHOUT_CARDS = 2;

	private final Wish wish;

	private final String id;

	private final long sequence;

	private final List<Card> cards;

	private final Instant createdAt;

	private final Instant visibleFrom;

	private volatile Timeline timeline;

	/** How many cards a partial order gets. */
	private volatile int part;

	private volatile boolean refunded;

	private volatile int reads;

	GiftOrder(Wish wish, Book book, Instant createdAt, Duration hidden) {
		this.wish = wish;
		this.id = book.ids().next(createdAt);
		this.sequence = book.ids().order();
		this.createdAt = createdAt;
		this.visibleFrom = createdAt.plus(hidden).plus(book.pace().of(wish.outcome().hidden()));
		this.timeline = wish.outcome().timeline(wish.quantity(), book.pace());
		this.part = wish.quantity() / 2;
		this.cards = book.isPaying() ? book.ids().giftCards(wish.quantity()) : sandbox(wish.quantity());
	}

	private static List<Card> sandbox(int quantity) {
		return LongStream.rangeClosed(1, quantity)
			.mapToObj((number) -> new Card("SANDBOX-CARD-" + number, "SANDBOX-" + number))
			.toList();
	}

	Wish wish() {
		return this.wish;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public long sequence() {
		return this.sequence;
	}

	@Override
	public String debit() {
		return Family.GIFT_CARDS.debit();
	}

	@Override
	public BigDecimal price() {
		return this.wish.total();
	}

	@Override
	public Optional<Instant> refundDue() {
		return Stream.of("PARTIALLY_FILLED", "REFUNDED")
			.flatMap((status) -> this.timeline.reaching(status).stream())
			.min(Duration::compareTo)
			.map(this.createdAt::plus);
	}

	@Override
	public BigDecimal refund() {
		boolean partial = this.timeline.reaching("PARTIALLY_FILLED").isPresent();
		int missing = this.wish.quantity() - (partial ? this.part : 0);
		return this.wish.price().multiply(BigDecimal.valueOf(missing));
	}

	@Override
	public boolean isRefunded() {
		return this.refunded;
	}

	@Override
	public void markRefunded() {
		this.refunded = true;
	}

	@Override
	public @Nullable Fault faultAfterCommit() {
		return this.wish.outcome().faultAfterCommit();
	}

	Instant createdAt() {
		return this.createdAt;
	}

	boolean isVisible(Instant now) {
		return !now.isBefore(this.visibleFrom);
	}

	String status(Instant now) {
		return this.timeline.at(Duration.between(this.createdAt, now));
	}

	boolean isSettled(Instant now) {
		return fulfilled(now) > 0 || status(now).equals("REFUNDED");
	}

	int fulfilled(Instant now) {
		return switch (status(now)) {
			case "FULFILLED" -> this.wish.quantity();
			case "PARTIALLY_FILLED" -> this.part;
			default -> 0;
		};
	}

	/** Every card that was delivered, shown or not. */
	List<Card> delivered(Instant now) {
		return this.cards.subList(0, fulfilled(now));
	}

	/** The delivered cards that a read shows. */
	List<Card> shown(Instant now, int earlierReads) {
		boolean hidden = switch (this.wish.outcome()) {
			case SIM_CARDS_NEVER -> true;
			case SIM_CARDS_LATE -> earlierReads < READS_WITHOUT_CARDS;
			default -> false;
		};
		return hidden ? List.of() : delivered(now);
	}

	/** Counts a read that shows it delivered; returns how many there were before. */
	int countRead() {
		int before = this.reads;
		this.reads = before + 1;
		return before;
	}

	int reads() {
		return this.reads;
	}

	void force(String status, int cards, Instant now) {
		this.part = cards;
		this.timeline = this.timeline.cut(Duration.between(this.createdAt, now), status);
	}

}
