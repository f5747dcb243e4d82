package dz.flexy.gateway.account;

/** What a key buys: real cards, or nothing (contract section 1.2). */
public enum KeyType {

	/** Real purchases. */
	PRODUCTION,
	/** Simulated purchases that end FULFILLED for nothing. */
	SANDBOX

}
