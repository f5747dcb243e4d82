package dz.flexy.gateway.callers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A ticket or a session as its bearer shows it: 256 random bits. Only its digest is
 * stored, and found by an index: who can make digests of his choice at will still knows
 * none of the secrets.
 */
final class Secret {

	private static final int BYTES = 32;

	/** Base64 for URLs, without padding. */
	private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{43}");

	private final String text;

	private Secret(String text) {
		this.text = text;
	}

	static Secret next(SecureRandom random) {
		byte[] bytes = new byte[BYTES];
		random.nextBytes(bytes);
		return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
	}

	/** Empty for what can be no secret. */
	static Optional<Secret> parse(@Nullable String text) {
		return Optional.ofNullable(text).filter((shown) -> SHAPE.matcher(shown).matches()).map(Secret::new);
	}

	/** To be shown to its bearer, and to nobody else. */
	String text() {
		return this.text;
	}

	String digest() {
		try {
			byte[] bytes = this.text.getBytes(StandardCharsets.US_ASCII);
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
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
