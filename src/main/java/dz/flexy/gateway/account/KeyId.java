package dz.flexy.gateway.account;

/**
 * One key of one account, as its rows name it. A new key of the same account is another.
 *
 * @param account the account's name, empty for {@link #EVERY}
 * @param fingerprint the key's fingerprint, empty for {@link #EVERY}
 */
record KeyId(String account, String fingerprint) {

	/** Stands for all keys of all accounts. */
	static final KeyId EVERY = new KeyId("", "");

	static KeyId of(Account account) {
		return new KeyId(account.id().value(), account.key().fingerprint());
	}

}
