package dz.flexy.gateway.simulator;

import java.math.BigDecimal;

/**
 * One key to be known from the start. Keys of the same username and type share one
 * account, opened with the first one's balance.
 */
record KeySettings(String key, String username, KeyType type, KeyScope scope, BigDecimal balance) {

	static final KeySettings DEFAULT = new KeySettings("sim-key-1", "+213665983439", KeyType.PRODUCTION,
			KeyScope.READ_WRITE, new BigDecimal("1000000"));

}
