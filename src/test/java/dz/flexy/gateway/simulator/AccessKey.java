package dz.flexy.gateway.simulator;

import java.util.List;

/**
 * One API key as the upstream knows it, with its rate window and the account behind it.
 */
final class AccessKey {

	private final String text;

	private final KeyType type;

	private final KeyScope scope;

	private final RateWindow window;

	private final Tenant tenant;

	private volatile boolean enabled = true;

	private volatile boolean revoked;

	private volatile List<String> allowedAddresses = List.of();

	AccessKey(KeySettings settings, RateWindow window, Tenant tenant) {
		this.text = settings.key();
		this.type = settings.type();
		this.scope = settings.scope();
		this.window = window;
		this.tenant = tenant;
	}

	/** Refuses a POST by a read-only key, and anything by a disabled or fenced one. */
	void check(Call call) {
		if (!this.enabled) {
			throw new Refused(403, "API_DISABLED", "API access is disabled for this key");
		}
		if (!this.allowedAddresses.isEmpty() && !this.allowedAddresses.contains(call.address())) {
			throw new Refused(403, "IP_NOT_ALLOWED", "Address " + call.address() + " is not allowed");
		}
		if (this.scope == KeyScope.READ_ONLY && call.method().equals("POST")) {
			throw new Refused(403, "ERR_SCOPE", "This key is READ-ONLY");
		}
	}

	String text() {
		return this.text;
	}

	KeyType type() {
		return this.type;
	}

	KeyScope scope() {
		return this.scope;
	}

	RateWindow window() {
		return this.window;
	}

	Tenant tenant() {
		return this.tenant;
	}

	Book book() {
		return this.tenant.book();
	}

	Catalogue catalogue() {
		return this.tenant.catalogue();
	}

	boolean isEnabled() {
		return this.enabled;
	}

	void enable(boolean value) {
		this.enabled = value;
	}

	boolean isRevoked() {
		return this.revoked;
	}

	void revoke(boolean value) {
		this.revoked = value;
	}

	List<String> allowedAddresses() {
		return this.allowedAddresses;
	}

	void allow(List<String> addresses) {
		this.allowedAddresses = List.copyOf(addresses);
	}

}
