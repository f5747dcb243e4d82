package dz.flexy.gateway.orders;

/**
 * An answer as it was given.
 *
 * @param status HTTP status
 * @param body the envelope
 */
public record GivenAnswer(int status, String body) {
}
