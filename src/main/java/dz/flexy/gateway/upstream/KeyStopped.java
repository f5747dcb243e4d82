package dz.flexy.gateway.upstream;

/** The account was stopped while a purchase waited for its permit. */
final class KeyStopped extends RuntimeException {

	KeyStopped(String reason) {
		super(reason, null, false, false);
	}

}
