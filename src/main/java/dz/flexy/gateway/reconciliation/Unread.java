package dz.flexy.gateway.reconciliation;

/** Something that the upstream does not let us read now. */
class Unread extends RuntimeException {

	Unread(String reason) {
		super(reason, null, false, false);
	}

	String reason() {
		return String.valueOf(getMessage());
	}

}
