package dz.flexy.gateway.orders;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.InvalidSetting;
import dz.flexy.gateway.problem.SettingFaults;
import dz.flexy.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Encrypts card codes with AES-256-GCM under a random 96-bit nonce (NIST SP 800-38D). The
 * order's id is authenticated with each, so that a code cannot be moved to another order.
 */
@Component
class CardVault {

	private static final Logger log = LoggerFactory.getLogger(CardVault.class);

	private static final int NONCE_BYTES = 12;

	private static final int TAG_BITS = 128;

	private final Map<String, SecretKey> keys = new LinkedHashMap<>();

	private final String currentKey;

	private final SecureRandom random;

	@Autowired
	CardVault(OrdersProperties properties, SecureRandom random) {
		this(properties.cardKey(), properties.oldCardKeys(), random);
	}

	CardVault(@Nullable String cardKey, List<String> oldCardKeys, SecureRandom random) {
		this.random = random;
		SettingFaults faults = new SettingFaults();
		Optional<String> current = faults.read(() -> add("gateway.orders.card-key", cardKey));
		for (int i = 0; i < oldCardKeys.size(); i++) {
			String setting = "gateway.orders.old-card-keys[" + i + "]";
			String key = oldCardKeys.get(i);
			faults.collect(() -> add(setting, key));
		}
		faults.raise();
		this.currentKey = current.orElseThrow();
	}

	/** Whether it opens what was encrypted with that key. */
	boolean knows(String keyId) {
		return this.keys.containsKey(keyId);
	}

	SealedCard seal(OrderId order, Card card) {
		byte[] nonce = new byte[NONCE_BYTES];
		this.random.nextBytes(nonce);
		byte[] sealed = encrypted(order, card, nonce);
		byte[] code = ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array();
		return new SealedCard(Base64.getEncoder().encodeToString(code), this.currentKey, card.transaction(),
				card.processedAt());
	}

	/**
	 * {@code null} if the order has no code. Fails with 500 {@code CARD_UNREADABLE} if it
	 * cannot be opened, which is logged without it.
	 */
	@Nullable Card open(OrderId order, SealedCard card) {
		if (card.code() == null || card.keyId() == null) {
			return null;
		}
		try {
			return open(order, card, card.code(), card.keyId());
		}
		catch (IllegalArgumentException | BufferUnderflowException | GeneralSecurityException failure) {
			log.error("card of order {}, encrypted with key {}, cannot be read: {}", order, card.keyId(),
					knows(card.keyId()) ? failure.getClass().getSimpleName()
							: "that key is not configured; give it as gateway.orders.old-card-keys");
			throw Problem
				.of(ErrorCode.CARD_UNREADABLE, "the card cannot be decrypted; an operator must restore its key")
				.detail("orderId", order.value())
				.money(false, true);
		}
	}

	private Card open(OrderId order, SealedCard card, String base64, String keyId) throws GeneralSecurityException {
		ByteBuffer code = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
		byte[] nonce = new byte[NONCE_BYTES];
		code.get(nonce);
		byte[] sealed = new byte[code.remaining()];
		code.get(sealed);
		byte[] clear = apply(Cipher.DECRYPT_MODE, keyId, nonce, order, sealed);
		return new Card(new String(clear, StandardCharsets.UTF_8), card.transaction(), card.processedAt());
	}

	private byte[] encrypted(OrderId order, Card card, byte[] nonce) {
		try {
			return apply(Cipher.ENCRYPT_MODE, this.currentKey, nonce, order,
					card.code().getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException failure) {
			throw new IllegalStateException("card of order " + order + " cannot be encrypted", failure);
		}
	}

	private byte[] apply(int mode, String keyId, byte[] nonce, OrderId order, byte[] input)
			throws GeneralSecurityException {
		SecretKey key = this.keys.get(keyId);
		if (key == null) {
			throw new InvalidKeyException("not configured");
		}
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
		cipher.updateAAD(order.value().getBytes(StandardCharsets.US_ASCII));
		return cipher.doFinal(input);
	}

	private String add(String setting, @Nullable String base64) {
		if (base64 == null || base64.isBlank()) {
			throw new InvalidSetting(setting, "required: 32 random bytes in base64");
		}
		byte[] key = decode(setting, base64.trim());
		String id = fingerprint(key);
		this.keys.put(id, new SecretKeySpec(key, "AES"));
		return id;
	}

	private static byte[] decode(String setting, String base64) {
		try {
			byte[] key = Base64.getDecoder().decode(base64);
			if (key.length == 32) {
				return key;
			}
			throw new InvalidSetting(setting, "must be 32 bytes in base64, was " + key.length + " bytes");
		}
		catch (IllegalArgumentException malformed) {
			throw new InvalidSetting(setting, "must be 32 bytes in base64");
		}
	}

	private static String fingerprint(byte[] key) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key), 0, 4);
		}
		catch (GeneralSecurityException impossible) {
			throw new IllegalStateException(impossible);
		}
	}

}
