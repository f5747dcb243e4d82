package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.util.Optional;

import dz.flexy.gateway.account.Family;
import org.jspecify.annotations.Nullable;

/**
 * One row of the account's ledger (contract section 3.2). In its reduced shape it has
 * neither id nor object.
 *
 * @param id the row's own id, if shown
 * @param kind what it is
 * @param family what was paid for or paid back; empty for {@link Kind#OTHER}
 * @param amount DZD, zero or more
 * @param object what it was for: presumably the upstream's id of the order, if shown
 */
public record Movement(@Nullable String id, Kind kind, Optional<Family> family, BigDecimal amount,
		@Nullable String object) {

	/** What a movement is. */
	public enum Kind {

		/** Something was bought. */
		CHARGE,
		/** Something bought was paid back. */
		REFUND,
		/** Deposits, transfers and the like, and words that are not known. */
		OTHER

	}

}
