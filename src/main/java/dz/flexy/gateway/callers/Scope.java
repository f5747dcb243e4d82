package dz.flexy.gateway.callers;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a caller may do. */
public enum Scope {

	/** Place and cancel orders. */
	ORDERS_WRITE,
	/** Read own orders and their streams. */
	ORDERS_READ,
	/** Read products and check numbers. */
	CATALOG_READ,
	/** Read the account's balance. */
	BALANCE_READ,
	/** See card codes of own orders. */
	CARDS_REVEAL,
	/** Read the account's ledger; shows other callers' business. */
	ACCOUNT_READ,
	/** Pay bills; shows other callers' business. */
	BILLS,
	/** Make payment links; shows other callers' business. */
	OCPAY,
	/** Act on any order, and read it. */
	OPERATOR;

	static final Set<Scope> DEFAULT = Set
		.copyOf(EnumSet.of(ORDERS_WRITE, ORDERS_READ, CATALOG_READ, BALANCE_READ, CARDS_REVEAL));

	/**
	 * Name in settings and answers.
	 * @return for example {@code orders:write}
	 */
	public String label() {
		return name().toLowerCase(Locale.ROOT).replace('_', ':');
	}

}
