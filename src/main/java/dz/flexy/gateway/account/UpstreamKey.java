package dz.flexy.gateway.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** An upstream access key. Masked wherever it is printed. */
public final class UpstreamKey {

	private final String secret;

	private final String fingerprint;

	/**
	 * Wraps a key.
	 * @param secret the raw key
	 */
	public UpstreamKey(String secret) {
		this.secret = secret.trim();
		this.fingerprint = digest(this.secret);
	}

	/**
	 * The raw key, for the {@code X-Access-Token} header and nothing else.
	 * @return the secret
	 */
	public String reveal() {
		return this.secret;
	}

	boolean isBlank() {
		return this.secret.isBlank();
	}

	/** Tells one key from the next without giving it away. */
	String fingerprint() {
		return this.fingerprint;
	}

	private static String digest(String secret) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, 8);
		}
		catch (NoSuchAlgorithmException impossible) {
			throw new IllegalStateException(impossible);
		}
	}

	@Override
	public String toString() {
		return "***";
	}

}
