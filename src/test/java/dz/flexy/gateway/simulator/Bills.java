package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The bill transactions of one account, and what its billers do. A reference is taken per
 * partner while its transaction lives: FAILED and REFUNDED free it. Every method is
 * atomic with the account's book.
 */
final class Bills {

	/**
	 * What a download of a receipt brings.
	 *
	 * @param bytes its length
	 */
	record Receipt(String contentType, long bytes, boolean missing) {
	}

	private final Book book;

	private final Map<String, BillTransaction> byId = new LinkedHashMap<>();

	private final Set<String> unavailable = ConcurrentHashMap.newKeySet();

	private volatile Receipt receipt = new Receipt("application/pdf", 2048, false);

	Bills(Book book) {
		this.book = book;
	}

	BillTransaction discover(BillAccount account, String ref, Instant now, Duration hidden) {
		return this.book.step(now, () -> {
			boolean closed = !isAvailable(account.partner()) || account.outcome() == BillOutcome.UNAVAILABLE;
			if (closed) {
				throw new Refused(503, "PARTNER_UNAVAILABLE", account.partner() + " is unavailable");
			}
			refuseTaken(account.partner(), ref, now);
			BillTransaction transaction = new BillTransaction(account, ref, this.book, now, hidden);
			this.byId.put(transaction.id(), transaction);
			return transaction;
		});
	}

	BillTransaction pay(String id, List<String> billIds, String ref, Instant now) {
		return this.book.step(now, () -> {
			BillTransaction transaction = find(id, now).orElseThrow(() -> Refused.notFound("Transaction", "id", id));
			refuseUnpayable(transaction, now);
			refuseTaken(transaction.account().partner(), ref, now);
			List<BillTransaction.Bill> chosen = chosen(transaction, billIds);
			BigDecimal price = chosen.stream()
				.map(BillTransaction.Bill::total)
				.reduce(BigDecimal.ZERO, BigDecimal::add);
			return this.book.deal(price, now, () -> {
				transaction.pay(chosen, ref, now, this.book.pace());
				return transaction;
			});
		});
	}

	Optional<BillTransaction> find(String id, Instant now) {
		return this.book.step(now,
				() -> Optional.ofNullable(this.byId.get(id)).filter((found) -> found.isVisible(now)));
	}

	/** By the discovery's reference; of several, the newest. */
	Optional<BillTransaction> find(String partner, String ref, Instant now) {
		return visible(now).stream()
			.filter((found) -> found.account().partner().equals(partner) && found.ref().equals(ref))
			.findFirst();
	}

	/** Newest first. */
	List<BillTransaction> visible(Instant now) {
		return all(now).stream().filter((found) -> found.isVisible(now)).toList();
	}

	/** Newest first, invisible ones included. */
	List<BillTransaction> all(Instant now) {
		return this.book.step(now, () -> new ArrayList<>(this.byId.values()).reversed());
	}

	/** Gives the transaction that status from now on. */
	BillTransaction settle(String id, String status, Instant now) {
		return this.book.step(now, () -> {
			BillTransaction found = Optional.ofNullable(this.byId.get(id))
				.orElseThrow(() -> Refused.notFound("Transaction", "id", id));
			found.force(status, now);
			this.book.replan(found, now);
			return found;
		});
	}

	boolean isAvailable(String partner) {
		return !this.unavailable.contains(partner);
	}

	void available(String partner, boolean available) {
		if (available) {
			this.unavailable.remove(partner);
		}
		else {
			this.unavailable.add(partner);
		}
	}

	Receipt receipt() {
		return this.receipt;
	}

	void receipt(Receipt other) {
		this.receipt = other;
	}

	private void refuseTaken(String partner, String ref, Instant now) {
		boolean taken = this.byId.values()
			.stream()
			.filter((found) -> found.account().partner().equals(partner) && found.isLive(now))
			.flatMap((found) -> Stream.of(found.ref(), found.paymentRef()))
			.anyMatch(ref::equals);
		if (taken) {
			throw new Refused(403, "DUPLICATED_REF", "This reference has already been used");
		}
	}

	private void refuseUnpayable(BillTransaction transaction, Instant now) {
		String status = transaction.status(now);
		boolean paid = status.equals("SUCCESS") || transaction.account().outcome() == BillOutcome.ALREADY_PAID;
		if (status.equals("READY") ? paid : status.equals("SUCCESS")) {
			throw new Refused(409, "BILL_ALREADY_PAID", "This bill has already been paid");
		}
		boolean underway = this.byId.values()
			.stream()
			.anyMatch((other) -> other.account().sameAs(transaction.account()) && other.isUnderway(now));
		if (underway) {
			throw new Refused(409, "PAYMENT_IN_PROGRESS", "A payment for this account is in progress");
		}
		if (!status.equals("READY")) {
			throw Refused.invalid("transactionId", transaction.id(), "is not READY");
		}
	}

	private static List<BillTransaction.Bill> chosen(BillTransaction transaction, List<String> billIds) {
		return billIds.stream()
			.map((wanted) -> transaction.bills()
				.stream()
				.filter((bill) -> bill.billId().equals(wanted))
				.findFirst()
				.orElseThrow(() -> Refused.invalid("billId", wanted, "is not a bill of this transaction")))
			.toList();
	}

}
