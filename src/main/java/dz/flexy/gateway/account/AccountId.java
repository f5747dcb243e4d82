package dz.flexy.gateway.account;

/**
 * Name of an upstream account, as in {@code gateway.upstream.accounts.<name>}.
 *
 * @param value the name
 */
public record AccountId(String value) {

	@Override
	public String toString() {
		return this.value;
	}

}
