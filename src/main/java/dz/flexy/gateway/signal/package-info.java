/**
 * Wake-ups between replicas: says that something changed, never what.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dz.flexy.gateway.signal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
