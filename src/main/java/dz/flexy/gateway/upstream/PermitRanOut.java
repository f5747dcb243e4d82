package dz.flexy.gateway.upstream;

/** The permit held no longer when the connection was there; nothing has left. */
final class PermitRanOut extends RuntimeException {

	PermitRanOut() {
		super("the permit has run out", null, false, false);
	}

}
