package dz.flexy.gateway.lease;

/**
 * The right to do one job until it runs out.
 *
 * @param name the job
 * @param token grows with every change of holder, so that a late write of the previous
 * one can be told apart
 */
public record Lease(String name, long token) {
}
