package dz.flexy.gateway.faults;

import java.util.List;

/**
 * All that is known after a run: the callers' log, the upstream's books, the ledger.
 *
 * @param intents what callers wanted
 * @param told what they were told, in order for each intent
 * @param purchases the upstream's books
 * @param entries the ledger
 * @param steps the ledger's log by position
 * @param orderStreams what readers of single orders saw
 * @param callerStreams what readers of all orders of a caller saw, from the first on
 */
record History(List<Intent> intents, List<Told> told, List<Purchase> purchases, List<Entry> entries, List<Step> steps,
		List<Seen> orderStreams, List<Seen> callerStreams) {

}
