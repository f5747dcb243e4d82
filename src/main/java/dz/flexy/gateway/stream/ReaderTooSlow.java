package dz.flexy.gateway.stream;

/** More orders wait for a reader than are kept for it. */
final class ReaderTooSlow extends RuntimeException {

	ReaderTooSlow(int bound) {
		super("more than " + bound + " orders wait for a reader", null, false, false);
	}

}
