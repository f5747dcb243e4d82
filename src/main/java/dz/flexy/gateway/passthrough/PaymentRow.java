package dz.flexy.gateway.passthrough;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A payment that was passed on, as it is stored.
 *
 * @param id of the gateway's
 * @param account whose money
 * @param caller who paid
 * @param route {@code bills.pay} or {@code ocpay.createLink}
 * @param state {@code SENDING}, {@code ANSWERED}, {@code REFUSED}, {@code NOT_SENT},
 * {@code UNKNOWN}, {@code PAID} or {@code NOT_PAID}; the last two are a person's word
 * @param createdAt when its first byte was about to leave
 * @param endedAt when it came to its state
 * @param ref the caller's own
 * @param transactionId which discovered bills are paid
 * @param billIds which of them, comma-separated
 * @param requestId the caller's request
 * @param answerStatus HTTP status of the upstream's answer, if it gave one
 * @param upstreamId what was paid or made, if the upstream told
 * @param reason why it stands where it stands
 */
public record PaymentRow(String id, String account, String caller, String route, String state, Instant createdAt,
		@Nullable Instant endedAt, @Nullable String ref, @Nullable String transactionId, @Nullable String billIds,
		String requestId, @Nullable Integer answerStatus, @Nullable String upstreamId, @Nullable String reason) {
}
