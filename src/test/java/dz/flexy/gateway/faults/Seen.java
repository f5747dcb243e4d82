package dz.flexy.gateway.faults;

import java.util.List;

/**
 * What one reader saw on a stream, over all its connections, in order.
 *
 * @param subject the order's id, or the caller's name
 * @param ids of the events as they came
 * @param lastStatus of the last event, empty if there was none
 * @param ended whether the stream said that nothing follows
 * @param resets events that said that the reader's place was not honoured
 * @param skips events that said that others were left out
 * @param connections how many it took
 */
record Seen(String subject, List<Long> ids, String lastStatus, boolean ended, int resets, int skips, int connections) {

}
