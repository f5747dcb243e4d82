package dz.flexy.gateway.orders;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A card as stored: the code encrypted, its key named.
 *
 * @param code nonce and ciphertext in base64, {@code null} if the upstream never showed
 * one
 * @param keyId which key opens it
 * @param transaction the operator's transaction number
 * @param processedAt when the operator processed it
 */
record SealedCard(@Nullable String code, @Nullable String keyId, @Nullable String transaction,
		@Nullable Instant processedAt) {
}
