/**
 * The ledger: states, legal moves, the event log and the reading of orders. Never talks
 * to the upstream.
 */
@ApplicationModule(allowedDependencies = { "account", "callers", "cache", "signal", "problem" })
@NullMarked
package dz.flexy.gateway.orders;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
