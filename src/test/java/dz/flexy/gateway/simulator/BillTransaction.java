package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A discovery and the payment that it may carry later. Its mutable parts change under the
 * lock of its book only.
 */
final class BillTransaction implements Deal {

	/**
	 * One thing that is due.
	 */
	record Bill(String billId, BigDecimal amount, BigDecimal fee, String label) {

		BigDecimal total() {
			return this.amount.add(this.fee);
		}

	}

	private static final Set<String> FREED = Set.of("FAILED", "REFUNDED");

	private final String id;

	private final String ref;

	private final BillAccount account;

	private final long sequence;

	private final Instant createdAt;

	private final List<Bill> bills;

	private final Instant visibleFrom;

	private volatile Timeline timeline;

	private volatile List<Bill> selected = List.of();

	private volatile String paymentRef = "";

	private volatile boolean refunded;

	BillTransaction(BillAccount account, String ref, Book book, Instant createdAt, Duration hidden) {
		this.id = book.ids().next(createdAt);
		this.sequence = book.ids().order();
		this.account = account;
		this.ref = ref;
		this.createdAt = createdAt;
		this.visibleFrom = createdAt.plus(hidden);
		this.timeline = new Timeline(List.of(new Timeline.Step(Duration.ZERO, "PENDING"),
				new Timeline.Step(book.pace().seconds(2), "READY")));
		this.bills = (account.outcome() == BillOutcome.NOTHING_DUE) ? List.of()
				: List.of(bill(0, "500.00", book.isPaying()), bill(1, "850.00", book.isPaying()));
	}

	/** The fee is 2 %, at least 30 and at most 60 DZD; nothing in the sandbox. */
	private Bill bill(int index, String amount, boolean paying) {
		BigDecimal due = new BigDecimal(amount);
		BigDecimal share = due.multiply(new BigDecimal("0.02")).setScale(2, RoundingMode.HALF_UP);
		BigDecimal fee = share.max(BigDecimal.valueOf(30)).min(BigDecimal.valueOf(60));
		return new Bill("bill_" + this.id + "_" + index, due, paying ? fee : BigDecimal.ZERO,
				"Facture " + this.account.partner());
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public long sequence() {
		return this.sequence;
	}

	/** Not published for bills; of the published words the one for services. */
	@Override
	public String debit() {
		return "SERVICE";
	}

	@Override
	public BigDecimal price() {
		return this.selected.stream().map(Bill::total).reduce(BigDecimal.ZERO, BigDecimal::add);
	}

	@Override
	public Optional<Instant> refundDue() {
		return FREED.stream()
			.filter((status) -> !this.selected.isEmpty())
			.flatMap((status) -> this.timeline.reaching(status).stream())
			.min(Duration::compareTo)
			.map(this.createdAt::plus);
	}

	@Override
	public BigDecimal refund() {
		return price();
	}

	@Override
	public boolean isRefunded() {
		return this.refunded;
	}

	@Override
	public void markRefunded() {
		this.refunded = true;
	}

	String ref() {
		return this.ref;
	}

	String paymentRef() {
		return this.paymentRef;
	}

	BillAccount account() {
		return this.account;
	}

	List<Bill> bills() {
		return this.bills;
	}

	List<Bill> selected() {
		return this.selected;
	}

	Instant createdAt() {
		return this.createdAt;
	}

	Instant updatedAt(Instant now) {
		return this.createdAt.plus(this.timeline.since(age(now)));
	}

	boolean isVisible(Instant now) {
		return !now.isBefore(this.visibleFrom);
	}

	String status(Instant now) {
		return this.timeline.at(age(now));
	}

	/** Whether its references are taken. */
	boolean isLive(Instant now) {
		return !FREED.contains(status(now));
	}

	boolean isUnderway(Instant now) {
		return Set.of("PROCESSING", "UNKNOWN").contains(status(now));
	}

	boolean isFinal(Instant now) {
		return Stream.of("SUCCESS", "FAILED", "REFUNDED").anyMatch(status(now)::equals);
	}

	void pay(List<Bill> chosen, String by, Instant now, Pace pace) {
		this.selected = List.copyOf(chosen);
		this.paymentRef = by;
		this.timeline = this.account.outcome().paid(this.timeline, age(now), pace);
	}

	void force(String status, Instant now) {
		this.timeline = this.timeline.cut(age(now), status);
	}

	private Duration age(Instant now) {
		return Duration.between(this.createdAt, now);
	}

}
