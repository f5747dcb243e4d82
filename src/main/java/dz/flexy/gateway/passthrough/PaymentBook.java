package dz.flexy.gateway.passthrough;

import java.time.Instant;
import java.util.Collection;

import dz.flexy.gateway.account.AccountId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/** What was passed on to be paid, to be compared with the account's ledger. */
@Component
public class PaymentBook {

	private final PaymentStore store;

	PaymentBook(PaymentStore store) {
		this.store = store;
	}

	/**
	 * The payments of bills by the upstream's transactions.
	 * @param account paid from
	 * @param transactions the upstream's ids
	 * @return in no order; of one transaction there may be several
	 */
	public Flux<Entry> ofTransactions(AccountId account, Collection<String> transactions) {
		return transactions.isEmpty() ? Flux.empty() : this.store.ofTransactions(account, transactions);
	}

	/** What became of a payment, as far as money goes. */
	public enum Outcome {

		/** On its way. */
		OPEN,
		/** The upstream, or an operator, says that it was made. */
		TAKEN,
		/** It did not arrive or was refused, or an operator says so. */
		NOT_TAKEN,
		/** The answer was lost. */
		UNKNOWN;

		static Outcome of(Payment.State state) {
			return switch (state) {
				case SENDING -> OPEN;
				case ANSWERED, PAID -> TAKEN;
				case REFUSED, NOT_SENT, NOT_PAID -> NOT_TAKEN;
				case UNKNOWN -> UNKNOWN;
			};
		}

	}

	/**
	 * One payment.
	 *
	 * @param id the gateway's
	 * @param transaction the upstream's id by which it was asked for
	 * @param outcome what became of it
	 * @param createdAt when it was about to be sent
	 * @param endedAt when its outcome was stored
	 */
	public record Entry(String id, String transaction, Outcome outcome, Instant createdAt, @Nullable Instant endedAt) {
	}

}
