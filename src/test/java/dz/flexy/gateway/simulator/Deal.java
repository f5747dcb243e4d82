package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Something that an account has paid for, with the money that may come back. Its mutable
 * parts change under the lock of its book only.
 */
interface Deal {

	String id();

	/** Orders deals that fall due at the same instant. */
	long sequence();

	/** The ledger's word for paying it; a refund is called {@code REFUND-} and that. */
	String debit();

	/** What was charged for it. */
	BigDecimal price();

	/** When money comes back, by what is known now. */
	Optional<Instant> refundDue();

	/** How much of the price comes back then. */
	BigDecimal refund();

	boolean isRefunded();

	void markRefunded();

	/** What befalls the answer to the request that made it. */
	default @Nullable Fault faultAfterCommit() {
		return null;
	}

}
