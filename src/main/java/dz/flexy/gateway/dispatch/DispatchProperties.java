package dz.flexy.gateway.dispatch;

import java.time.Duration;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.problem.SettingFaults;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How orders are sent and settled.
 *
 * @param sendWait how long a send waits for the upstream's answer before it is told its
 * id
 * @param sendDeadline an order that is not begun by then is never bought
 * @param hold sends nothing, only follows and looks up: for the time after a restore
 * @param sendWithin the first byte leaves within this time after the commit, or never
 * @param absenceMargin how long past the last possible answer an order must stay unseen
 * before that counts as absence
 * @param absenceGap time between the two looks that prove absence
 * @param giftCardWait how long after a lost answer the list is read for the order of gift
 * cards that it was about
 * @param parallel orders being sent per account at most, from the claim to the stored
 * outcome
 */
@ConfigurationProperties("gateway.dispatch")
record DispatchProperties(@DefaultValue("10s") Duration sendWait, @DefaultValue("2m") Duration sendDeadline,
		@DefaultValue("false") boolean hold, @DefaultValue("2s") Duration sendWithin,
		@DefaultValue("10s") Duration absenceMargin, @DefaultValue("10s") Duration absenceGap,
		@DefaultValue("60s") Duration giftCardWait, @DefaultValue("32") int parallel) {

	private static final int LEAST_AHEAD = 2;

	private static final int MOST_AHEAD = 16;

	DispatchProperties {
		SettingFaults faults = new SettingFaults();
		faults.demand(sendWait.compareTo(sendDeadline) <= 0, "gateway.dispatch.send-wait",
				"must not be longer than gateway.dispatch.send-deadline (" + sendDeadline + ")");
		positive(faults, "send-wait", sendWait);
		positive(faults, "send-within", sendWithin);
		positive(faults, "absence-margin", absenceMargin);
		positive(faults, "absence-gap", absenceGap);
		positive(faults, "gift-card-wait", giftCardWait);
		faults.demand(parallel >= 1, "gateway.dispatch.parallel", "must be 1 or more, was " + parallel);
		faults.raise();
	}

	/**
	 * How many orders a replica claims ahead of their permits: what the account's limit
	 * lets through in a second, but two at least, so that one may wait for its number
	 * while another is sent. Whoever comes next waits for all that are claimed, on every
	 * replica.
	 * @return 1 to {@code parallel}
	 */
	int ahead(Account account) {
		long aSecond = Math.ceilDiv(account.limit() * 1000L, account.window().toMillis());
		return (int) Math.min(Math.max(aSecond, LEAST_AHEAD), Math.min(this.parallel, MOST_AHEAD));
	}

	/** Without them the proof of absence would prove nothing. */
	private static void positive(SettingFaults faults, String name, Duration duration) {
		faults.demand(duration.isPositive(), "gateway.dispatch." + name, "must be longer than 0, was " + duration);
	}

}
