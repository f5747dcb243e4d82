/**
 * Who calls, what they may do and how much of it.
 */
@ApplicationModule(allowedDependencies = { "account", "lease", "signal", "problem" })
@NullMarked
package dz.flexy.gateway.callers;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
