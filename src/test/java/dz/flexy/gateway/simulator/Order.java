package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * One accepted order. Its status is a function of its timeline and the time asked for;
 * its few mutable parts change under the lock of its book only.
 */
final class Order implements Deal {

	private final Purchase purchase;

	private final String id;

	private final String storedRef;

	private final long sequence;

	private final Instant createdAt;

	private volatile Timeline timeline;

	private volatile Instant visibleFrom;

	private volatile boolean refunded;

	private volatile boolean unlisted;

	private volatile int reads;

	private volatile int sends = 1;

	Order(Purchase purchase, Identity identity, Instant createdAt, Duration hidden, Timeline timeline) {
		this.purchase = purchase;
		this.id = identity.id();
		this.storedRef = identity.storedRef();
		this.sequence = identity.sequence();
		this.createdAt = createdAt;
		this.visibleFrom = createdAt.plus(hidden);
		this.timeline = timeline;
	}

	/**
	 * What the book gives to an order.
	 */
	record Identity(String id, String storedRef, long sequence) {
	}

	Purchase purchase() {
		return this.purchase;
	}

	@Override
	public String id() {
		return this.id;
	}

	String storedRef() {
		return this.storedRef;
	}

	@Override
	public long sequence() {
		return this.sequence;
	}

	Instant createdAt() {
		return this.createdAt;
	}

	SuffixOutcome outcome() {
		return this.purchase.outcome();
	}

	String status(Instant now) {
		return this.timeline.at(Duration.between(this.createdAt, now));
	}

	/** When the status that it has now began. */
	Instant changedAt(Instant now) {
		return this.createdAt.plus(this.timeline.since(Duration.between(this.createdAt, now)));
	}

	Optional<Instant> reaching(String status) {
		return this.timeline.reaching(status).map(this.createdAt::plus);
	}

	BigDecimal charge() {
		return this.refunded ? BigDecimal.ZERO : this.purchase.cost();
	}

	@Override
	public String debit() {
		return this.purchase.family().debit();
	}

	@Override
	public BigDecimal price() {
		return this.purchase.cost();
	}

	@Override
	public Optional<Instant> refundDue() {
		return reaching("REFUNDED");
	}

	@Override
	public BigDecimal refund() {
		return this.purchase.cost();
	}

	@Override
	public @Nullable Fault faultAfterCommit() {
		return outcome().faultAfterCommit();
	}

	@Override
	public boolean isRefunded() {
		return this.refunded;
	}

	@Override
	public void markRefunded() {
		this.refunded = true;
	}

	void force(String status, Instant now) {
		this.timeline = this.timeline.cut(Duration.between(this.createdAt, now), status);
	}

	boolean isVisible(Family family, Instant now) {
		return this.purchase.family() == family && !now.isBefore(this.visibleFrom);
	}

	/** Is hidden no longer. */
	void show(Instant now) {
		this.visibleFrom = now;
	}

	/** Lists leave it out from now on. */
	void unlist() {
		this.unlisted = true;
	}

	boolean isListed() {
		return !this.unlisted;
	}

	/** Counts a read that shows FULFILLED and returns how many there were before it. */
	int countRead() {
		int before = this.reads;
		this.reads = before + 1;
		return before;
	}

	int reads() {
		return this.reads;
	}

	int sends() {
		return this.sends;
	}

	void countSend() {
		this.sends = this.sends + 1;
	}

}
