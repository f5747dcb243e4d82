/**
 * How many upstream calls may still be made.
 */
@ApplicationModule(allowedDependencies = { "account", "lease", "signal", "problem" })
@NullMarked
package dz.flexy.gateway.budget;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
