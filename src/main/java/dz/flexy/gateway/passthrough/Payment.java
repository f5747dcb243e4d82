package dz.flexy.gateway.passthrough;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.problem.RequestId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A payment that is about to be passed on: what an operator needs to find it upstream.
 *
 * @param id 24 lower-case hex digits
 * @param account whose money
 * @param caller who pays
 * @param endpoint how
 * @param ref the caller's own, write-only upstream (contract section 7)
 * @param transactionId which discovered bills are paid
 * @param billIds which of them, comma-separated
 * @param digest SHA-256 of the body
 * @param request the caller's request
 */
record Payment(String id, AccountId account, CallerId caller, Endpoint endpoint, @Nullable String ref,
		@Nullable String transactionId, @Nullable String billIds, String digest, RequestId request) {

	/** What became of one. */
	enum State {

		/** Committed; the first byte leaves, or has left. */
		SENDING,
		/** The upstream said yes. */
		ANSWERED,
		/** The upstream said no; no money moved. */
		REFUSED,
		/** It cannot have arrived, or was turned away before it was looked at. */
		NOT_SENT,
		/** The answer was lost or settles nothing: money may have moved. */
		UNKNOWN,
		/** An operator says that it was made. */
		PAID,
		/** An operator says that it was not. */
		NOT_PAID

	}

	private static final Pattern STORABLE = Pattern.compile("\\P{Cntrl}{1,200}");

	static Payment of(String id, AccountId account, CallerId caller, Endpoint endpoint, Body body, RequestId request) {
		JsonNode fields = body.fields();
		return new Payment(id, account, caller, endpoint, text(fields.path("ref")), text(fields.path("transactionId")),
				bills(fields), sha256(body.sent().bytes()), request);
	}

	/** One bill, or several (contract section 7). */
	private static @Nullable String bills(JsonNode fields) {
		String bills = Stream
			.concat(Stream.of(fields.path("billId")),
					StreamSupport.stream(fields.path("billIds").spliterator(), false).limit(50))
			.map(Payment::text)
			.filter(Objects::nonNull)
			.collect(Collectors.joining(","));
		return bills.isEmpty() ? null : bills;
	}

	/** What PostgreSQL could not store, or no document allows, is not worth keeping. */
	static @Nullable String text(JsonNode node) {
		String text = node.isString() ? node.asString() : "";
		return STORABLE.matcher(text).matches() ? text : null;
	}

	private static String sha256(byte[] body) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
		}
		catch (NoSuchAlgorithmException impossible) {
			throw new IllegalStateException(impossible);
		}
	}

}
