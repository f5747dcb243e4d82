/**
 * Stops calling while the upstream fails and finds out when it is back.
 */
@ApplicationModule(allowedDependencies = { "account", "problem" })
@NullMarked
package dz.flexy.gateway.breaker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
