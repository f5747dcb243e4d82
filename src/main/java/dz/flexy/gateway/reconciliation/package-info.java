/**
 * Books against books, and the operator's hands: what a person sees of all callers'
 * orders and does about those that cannot be settled without him, statements, and the
 * stop of an account's sends. On the management port only.
 */
@ApplicationModule(allowedDependencies = { "orders", "dispatch", "passthrough", "upstream", "lease", "callers",
		"account", "problem" })
@NullMarked
package dz.flexy.gateway.reconciliation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
