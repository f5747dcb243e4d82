package dz.flexy.gateway.callers;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call the gateway.
 *
 * @param callers settings by caller name
 */
@ConfigurationProperties("gateway")
record CallersProperties(@DefaultValue Map<String, Settings> callers) {

	/**
	 * One caller.
	 *
	 * @param account the upstream account it buys with; may be left out if there is one
	 * @param keys its access keys, one required, each as
	 * {@code sha256:<hex of the key's digest>}
	 * @param scopes what it may do; all but account:read, bills, ocpay and operator if
	 * left out
	 * @param limit requests allowed in a window over all replicas, 1 or more
	 * @param window length of that window
	 * @param sendDeadline how long an order may wait to be begun;
	 * {@code gateway.dispatch.send-deadline} if left out
	 * @param weight its share of the account's sends, compared with other callers'
	 * weights, 0.01 to 1000
	 * @param spendLimit how much it may order in a spend window, in DZD; no limit if left
	 * out
	 * @param spendWindow length of that window, 1 s or more
	 * @param directUntil until when it may have bought from the upstream itself, an ISO
	 * 8601 instant; never if left out
	 */
	record Settings(@Nullable String account, @DefaultValue List<String> keys, @Nullable Set<String> scopes,
			@DefaultValue("6000") int limit, @DefaultValue("60s") Duration window, @Nullable Duration sendDeadline,
			@DefaultValue("1") BigDecimal weight, @Nullable BigDecimal spendLimit,
			@DefaultValue("24h") Duration spendWindow, @Nullable String directUntil) {
	}

}
