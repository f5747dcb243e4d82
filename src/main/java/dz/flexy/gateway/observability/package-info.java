/**
 * What operators see of each request: the access log.
 */
@ApplicationModule(allowedDependencies = { "problem" })
@NullMarked
package dz.flexy.gateway.observability;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
