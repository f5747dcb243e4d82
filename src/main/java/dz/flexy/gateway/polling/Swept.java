package dz.flexy.gateway.polling;

/**
 * What a sweep met.
 *
 * @param due orders that were due for a look
 * @param changed how many of them had changed
 * @param failed whether it broke off
 */
record Swept(int due, int changed, boolean failed) {

	static final Swept FAILED = new Swept(0, 0, true);

}
