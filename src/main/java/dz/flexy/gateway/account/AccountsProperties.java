package dz.flexy.gateway.account;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The upstream accounts.
 *
 * @param accounts settings by account name; at least one
 */
@ConfigurationProperties("gateway.upstream")
record AccountsProperties(@DefaultValue Map<String, Settings> accounts) {

	/**
	 * One account.
	 *
	 * @param apiKey the upstream access key, required
	 * @param limit calls allowed in a window, 1 or more
	 * @param window length of the upstream's rate-limit window
	 * @param type PRODUCTION or SANDBOX; must equal what the upstream says of the key
	 * @param exclusive whether nothing but this gateway buys with the key
	 */
	record Settings(@Nullable UpstreamKey apiKey, @DefaultValue("120") int limit, @DefaultValue("60s") Duration window,
			@DefaultValue("PRODUCTION") KeyType type, @DefaultValue("false") boolean exclusive) {
	}

}
