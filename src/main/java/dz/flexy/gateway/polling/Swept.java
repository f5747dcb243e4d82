package dz.flexy.gateway.polling;

/**
 * What a sweep met.
 *
 * @param due orders that were due for a look
 * @param changed how many of them had changed
 * @param found how many were looked for in list pages and shown there
 * @param missed how many were not shown
 * @param failed whether it broke off
 */
record Swept(int due, int changed, int found, int missed, boolean failed) {

	static final Swept FAILED = new Swept(0, 0, 0, 0, true);

}
