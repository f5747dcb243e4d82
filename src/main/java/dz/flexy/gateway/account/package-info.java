/**
 * The upstream accounts: ids, product families, settings, key fingerprints and whether
 * they may be used.
 */
@ApplicationModule(allowedDependencies = { "lease", "signal", "problem" })
@NullMarked
package dz.flexy.gateway.account;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
