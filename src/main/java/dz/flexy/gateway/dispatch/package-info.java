/**
 * Accepts an order, commits it, sends it once, and settles what was left unclear.
 */
@ApplicationModule(allowedDependencies = { "orders", "polling", "catalog", "balance", "upstream", "callers", "lease",
		"signal", "account", "problem" })
@NullMarked
package dz.flexy.gateway.dispatch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
