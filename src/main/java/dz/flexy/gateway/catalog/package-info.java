/**
 * What the upstream sells and which numbers it accepts, kept locally; and its ping.
 */
@ApplicationModule(allowedDependencies = { "upstream", "cache", "callers", "account", "problem" })
@NullMarked
package dz.flexy.gateway.catalog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
