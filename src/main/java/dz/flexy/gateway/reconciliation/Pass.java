package dz.flexy.gateway.reconciliation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.upstream.Call;

/** What a comparison knows while it runs, beside the rows it has read. */
final class Pass {

	/** More of them say that nothing follows orders at all; the next comparison sees. */
	private static final int MOST_BEHIND = 500;

	/** More of them say that it shows no orders at all. */
	private static final int MOST_UNREADABLE = 20;

	/** Of charges for what is in no list; each is a call. */
	private static final int MOST_LOOK_UPS = 500;

	private final Run run;

	private final Account account;

	/** What could not be read in full, and why. The ledger stands under {@code OTHER}. */
	private final Map<Family, String> unread = new ConcurrentHashMap<>();

	/** Of which the ledger does not say what was paid for. */
	private final Set<Family> vague = ConcurrentHashMap.newKeySet();

	/** Of which a row of the ledger points at something of ours. */
	private final Set<Family> linked = ConcurrentHashMap.newKeySet();

	/** The upstream's ids of those that it does not let us read alone. */
	private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

	private final AtomicInteger lookUps = new AtomicInteger();

	private volatile boolean overfull;

	private final Map<OrderId, String> behind = new ConcurrentHashMap<>();

	private final Map<String, Long> counts = new ConcurrentSkipListMap<>();

	Pass(Run run, Account account) {
		this.run = run;
		this.account = account;
	}

	Run run() {
		return this.run;
	}

	Account account() {
		return this.account;
	}

	/** In the lane that waits for all others. */
	Call call() {
		return Call.refresh(this.account);
	}

	void unread(Family family, String why) {
		this.unread.putIfAbsent(family, why);
	}

	/** Whether the family's list was read to its end. */
	boolean judges(Family family) {
		return !this.unread.containsKey(family);
	}

	/** Sandbox keys deduct nothing (contract section 1.2). */
	boolean hasLedger() {
		return this.account.type() != KeyType.SANDBOX;
	}

	void vague(Family family) {
		count("vague." + family.label(), 1);
		this.vague.add(family);
	}

	/** One order's breaks are left as they are; many take their family's word away. */
	void unreadable(Family family, String upstreamId, String why) {
		count("unreadable." + family.label(), 1);
		this.unreadable.add(upstreamId);
		if (this.unreadable.size() > MOST_UNREADABLE) {
			unread(family, "order " + upstreamId + ": " + why);
		}
	}

	boolean isUnreadable(String upstreamId) {
		return this.unreadable.contains(upstreamId);
	}

	/** So the ledger's rows of that family point at orders, which no document says. */
	void linked(Family family) {
		this.linked.add(family);
	}

	boolean isLinked(Family family) {
		return this.linked.contains(family);
	}

	boolean mayLookUp() {
		return this.lookUps.incrementAndGet() <= MOST_LOOK_UPS;
	}

	boolean judgesLedgerOf(Family family) {
		return hasLedger() && judges(Family.OTHER) && !this.vague.contains(family);
	}

	/** Empty if all was read. */
	Optional<String> whatIsUnread() {
		return this.unread.isEmpty() ? Optional.empty()
				: Optional.of(new TreeMap<>(this.unread).entrySet()
					.stream()
					.map((part) -> (part.getKey() == Family.OTHER) ? "ledger: " + part.getValue()
							: part.getKey().label() + " list: " + part.getValue())
					.collect(Collectors.joining("; ")));
	}

	void behind(OrderId order, String upstreamId) {
		if (this.behind.size() < MOST_BEHIND) {
			this.behind.put(order, upstreamId);
		}
		else {
			this.overfull = true;
		}
	}

	/** Whether not all that were behind could be looked at again. */
	boolean isOverfull() {
		return this.overfull;
	}

	Collection<Map.Entry<OrderId, String>> takeBehind() {
		Collection<Map.Entry<OrderId, String>> taken = new ArrayList<>(this.behind.entrySet());
		this.behind.clear();
		return taken;
	}

	void count(String what, long more) {
		this.counts.merge(what, more, Long::sum);
	}

	void countOutside(Family family) {
		count("outside." + family.label(), 1);
	}

	Map<String, Long> counts() {
		return this.counts;
	}

}
