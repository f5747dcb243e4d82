/**
 * A stand-in for the upstream on its own port, written from the upstream's documentation
 * alone: it shares no type or constant with the gateway, so that a misreading cannot be
 * made twice.
 */
@NullMarked
package dz.flexy.gateway.simulator;

import org.jspecify.annotations.NullMarked;
