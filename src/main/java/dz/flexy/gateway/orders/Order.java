package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * An order as read from the ledger. Immutable; a change is a new row version.
 *
 * @param id its id, which callers know as {@code topupId}
 * @param account bought with
 * @param caller ordered by
 * @param family of which product
 * @param ref the caller's reference, as sent
 * @param upstreamRef the gateway's own reference, unique for ever
 * @param item what is bought
 * @param state where it stands
 * @param version fences writes: a move from an older version changes nothing
 * @param changes changes that the caller has seen, the SSE id of the last one
 * @param answered what the send was answered with, once it was
 * @param acceptedAt when it was committed
 * @param readAt the database's time when this was read
 * @param sending how far its sending has come
 * @param cost price in DZD, as far as known
 * @param upstreamId the upstream's id, once known
 * @param refusal why it was rejected
 * @param reason why it stands where it stands, in a word
 * @param ending what else the upstream said of it
 * @param card the card, encrypted
 * @param cardReads reads of the fulfilled order that had no code
 * @param flag why a person should look
 * @param finalAt when it became final
 * @param erasedAt when its number, reference and codes were erased
 */
public record Order(OrderId id, AccountId account, CallerId caller, Family family, String ref, String upstreamRef,
		Item item, OrderState state, long version, int changes, Optional<Answered> answered, Instant acceptedAt,
		Instant readAt, Sending sending, @Nullable BigDecimal cost, @Nullable String upstreamId,
		Optional<Problem> refusal, @Nullable String reason, Ending ending, SealedCard card, int cardReads,
		@Nullable String flag, @Nullable Instant finalAt, @Nullable Instant erasedAt) {

	/** What a send was answered with. */
	public enum Answered {

		/** 200 or 202 with the id. */
		ACCEPTED,
		/** The refusal itself; the ref is free again. */
		REFUSED

	}

	/**
	 * The status that callers see.
	 * @return one of the upstream's own words
	 */
	public String status() {
		return this.state.status(this.family);
	}

}
