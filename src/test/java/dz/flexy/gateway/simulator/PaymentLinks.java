package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.node.ObjectNode;

/**
 * The payment links of one account. A confirmed payment reaches the balance in full;
 * which word the ledger has for it is not published, here it is {@code RECEIVE}. Every
 * method is atomic with the account's book.
 */
final class PaymentLinks {

	private final Book book;

	private final Map<String, PaymentLink> byRef = new LinkedHashMap<>();

	PaymentLinks(Book book) {
		this.book = book;
	}

	PaymentLink create(ObjectNode terms, Instant now) {
		return this.book.step(now, () -> {
			PaymentLink link = new PaymentLink(this.book.ids().paymentRef(), terms, now);
			this.byRef.put(link.ref(), link);
			return link;
		});
	}

	Optional<PaymentLink> find(String ref, Instant now) {
		return this.book.step(now, () -> Optional.ofNullable(this.byRef.get(ref)));
	}

	/** Newest first. */
	List<PaymentLink> all(Instant now) {
		return this.book.step(now, () -> new ArrayList<>(this.byRef.values()).reversed());
	}

	/** Pays the link, {@code CONFIRMED}, or ends it, {@code FAILED}. */
	PaymentLink settle(String ref, String status, Instant now) {
		return this.book.step(now, () -> {
			PaymentLink link = find(ref, now).orElseThrow(() -> Refused.notFound("Payment", "reference", ref));
			boolean paid = status.equals("CONFIRMED") && !link.status(now).equals("CONFIRMED");
			link.force(status);
			if (paid && this.book.isPaying()) {
				this.book.credit("RECEIVE", link.amount(), link.ref(), now);
			}
			return link;
		});
	}

}
