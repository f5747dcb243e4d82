/**
 * Pages for people: the contract and a page to try it, and the operations board with what
 * only it shows.
 */
@ApplicationModule(
		allowedDependencies = { "orders", "polling", "stream", "callers", "budget", "breaker", "account", "problem" })
@NullMarked
package dz.flexy.gateway.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
