/**
 * The envelope of every answer, the request id, the outward error vocabulary, and the one
 * place that renders them.
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package dz.flexy.gateway.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
