package dz.flexy.gateway.simulator;

/**
 * What {@code GET /v3/validate} says of a key. A sandbox key buys without paying.
 */
public enum KeyType {

	PRODUCTION, SANDBOX

}
