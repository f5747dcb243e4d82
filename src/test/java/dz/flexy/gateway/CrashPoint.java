package dz.flexy.gateway;

/** Where the process of an order may stop. In the order in which they are passed. */
enum CrashPoint {

	BEFORE_ACCEPTANCE, AFTER_ACCEPTANCE, AFTER_PERMIT, AFTER_SENDING, AFTER_FIRST_BYTE, AFTER_LAST_BYTE, AFTER_ANSWER,
	BEFORE_OUTCOME, AFTER_OUTCOME;

	private static final int FIRST_EXIT = 50;

	/** What a process that stops here exits with; nothing else does. */
	int exit() {
		return FIRST_EXIT + ordinal();
	}

	boolean isOfAcceptance() {
		return this == BEFORE_ACCEPTANCE || this == AFTER_ACCEPTANCE;
	}

}
