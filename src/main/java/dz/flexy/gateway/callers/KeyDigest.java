package dz.flexy.gateway.callers;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

import dz.flexy.gateway.problem.InvalidSetting;

/** SHA-256 of a caller's key, which is all that is kept of it. */
final class KeyDigest {

	private static final Pattern SETTING = Pattern.compile("sha256:[0-9a-fA-F]{64}");

	private final byte[] digest;

	private KeyDigest(byte[] digest) {
		this.digest = digest;
	}

	static KeyDigest ofSetting(String setting, String value) {
		if (!SETTING.matcher(value).matches()) {
			throw new InvalidSetting(setting, "must be sha256: and the 64 hex digits of the key's SHA-256 digest");
		}
		return new KeyDigest(HexFormat.of().parseHex(value.substring(7).toLowerCase(Locale.ROOT)));
	}

	static KeyDigest ofKey(String key) {
		try {
			return new KeyDigest(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException impossible) {
			throw new IllegalStateException(impossible);
		}
	}

	/** In constant time, so that an answer's delay says nothing about a stored digest. */
	boolean matches(KeyDigest other) {
		return MessageDigest.isEqual(this.digest, other.digest);
	}

}
