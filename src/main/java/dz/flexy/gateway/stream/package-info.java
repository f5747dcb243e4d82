/**
 * Order events as Server-Sent Events.
 */
@ApplicationModule(allowedDependencies = { "orders", "callers", "signal", "problem" })
@NullMarked
package dz.flexy.gateway.stream;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
