/**
 * The account's balance, kept locally.
 */
@ApplicationModule(allowedDependencies = { "upstream", "cache", "callers", "account", "problem" })
@NullMarked
package dz.flexy.gateway.balance;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
