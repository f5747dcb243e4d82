/**
 * Follows open orders in batches until they are final, and finds refs in list pages.
 */
@ApplicationModule(allowedDependencies = { "orders", "upstream", "lease", "account", "problem" })
@NullMarked
package dz.flexy.gateway.polling;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
