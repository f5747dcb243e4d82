/**
 * Pages for people: the contract and a page to try it.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dz.flexy.gateway.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
