/**
 * What an operator deploys, held against the application: the image, the manifests, the
 * alerts and dashboards, what the jar is made of, and how its tables may change.
 */
@NullMarked
package dz.flexy.gateway.deployment;

import org.jspecify.annotations.NullMarked;
