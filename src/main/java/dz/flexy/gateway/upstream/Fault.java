package dz.flexy.gateway.upstream;

/** Whose fault a failure is. */
public enum Fault {

	/** The request itself: only another request can do better. */
	CALLER,
	/** Ours: budget, key, settings, or a step of ours before the first byte. */
	GATEWAY,
	/** The upstream's, or the network's between us. */
	UPSTREAM

}
