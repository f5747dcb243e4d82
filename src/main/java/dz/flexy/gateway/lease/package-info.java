/**
 * Which replica does a job, with a fencing token that tells its writes from a
 * predecessor's.
 */
@ApplicationModule(allowedDependencies = { "signal" })
@NullMarked
package dz.flexy.gateway.lease;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
