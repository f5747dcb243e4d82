/**
 * The only package that talks to the upstream: sends, decodes and classifies.
 */
@ApplicationModule(allowedDependencies = { "account", "budget", "breaker", "problem" })
@NullMarked
package dz.flexy.gateway.upstream;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
