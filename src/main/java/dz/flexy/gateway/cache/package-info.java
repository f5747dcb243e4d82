/**
 * One value per key, computed once however many ask, kept for a stated time.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dz.flexy.gateway.cache;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
