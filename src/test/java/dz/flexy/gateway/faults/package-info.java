/**
 * Real processes, broken from outside while callers order, and a checker that compares
 * what the callers were told, what the upstream sold and what the ledger says. The
 * checker knows the gateway only by its HTTP interface and its tables.
 */
@NullMarked
package dz.flexy.gateway.faults;

import org.jspecify.annotations.NullMarked;
