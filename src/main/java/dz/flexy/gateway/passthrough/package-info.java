/**
 * The other paths of the upstream's, passed on as they are: the account's ledger, payment
 * links, bills.
 */
@ApplicationModule(allowedDependencies = { "upstream", "orders", "callers", "account", "problem" })
@NullMarked
package dz.flexy.gateway.passthrough;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
