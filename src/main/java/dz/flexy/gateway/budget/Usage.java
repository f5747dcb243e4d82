package dz.flexy.gateway.budget;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What all replicas together have used of one account's limit, and what the upstream said
 * of it: the content of one row, and the arithmetic over it. Read, changed and written
 * back within one exchange with the database; not thread-safe. All times are the
 * database's, in microseconds since 1970.
 * <p>
 * A call is charged from its grant until a window after the last instant at which the
 * upstream may still have counted it: it is put down a little in the future, moved on
 * while it is under way, and moved to its end when that is known. So a call that is under
 * way over the edge of a window counts in both, windows may be fixed or sliding and begin
 * anywhere, and what a killed replica held comes back by itself.
 */
final class Usage {

	/** A grant that nobody speaks of again counts as used up to this. */
	static final long HELD = 2_000_000;

	private final NavigableMap<Long, Integer> charges;

	private final Map<Lane, Long> lanesDue = new EnumMap<>(Lane.class);

	private long paceDue;

	private long blockedUntil;

	private boolean heard;

	private Told told;

	private long at;

	Usage(Map<Long, Integer> charges, long paceDue, Map<Lane, Long> lanesDue, long blockedUntil, boolean heard,
			Told told, long at) {
		this.charges = new TreeMap<>(charges);
		this.paceDue = paceDue;
		List.of(Lane.values()).forEach((lane) -> this.lanesDue.put(lane, lanesDue.getOrDefault(lane, 0L)));
		this.blockedUntil = blockedUntil;
		this.heard = heard;
		this.told = told;
		this.at = at;
	}

	/** Nothing used, nothing heard. */
	static Usage none() {
		return new Usage(Map.of(), 0, Map.of(), 0, false, Told.NOTHING, 0);
	}

	/**
	 * Takes in what a replica reports and gives out what it wants, as far as that may be
	 * had now.
	 * @param ceiling the account's configured rate; what the upstream says can only lower
	 * it
	 * @param now by the database's clock; one that goes back a little is not followed
	 */
	Grant exchange(Report report, Rate ceiling, long now) {
		if (now < this.at - ceiling.window()) {
			shift(now - this.at);
		}
		this.at = Math.max(this.at, now);
		this.told = this.told.at(this.at, ceiling.window());
		Rate rate = ceiling.atMost(this.told.limit());
		this.charges.headMap(this.at - ceiling.window(), true).clear();
		settle(report, rate);
		report.heard().forEach(this::hear);
		return grant(report, ceiling.atMost(this.told.limit()));
	}

	/** How it stands for who takes nothing; whoever looks must not write it back. */
	Look look(Rate ceiling, long now) {
		this.exchange(Report.NOTHING, ceiling, now);
		Rate rate = ceiling.atMost(this.told.limit());
		boolean told = this.told.until() > this.at;
		int left = Math.max(0, rate.limit() - used());
		long free = this.charges.isEmpty() ? 0 : this.charges.lastKey() + rate.window();
		return new Look(rate, used(), told ? Math.clamp(this.told.left(), 0, left) : left,
				told ? this.told.until() : free, (this.blockedUntil > this.at) ? this.blockedUntil : 0, due(rate));
	}

	/**
	 * The clock was far ahead and is right again: what is known keeps its distance to it.
	 */
	private void shift(long by) {
		Map<Long, Integer> shifted = new TreeMap<>();
		this.charges.forEach((charged, count) -> shifted.put(charged + by, count));
		this.charges.clear();
		this.charges.putAll(shifted);
		this.lanesDue.replaceAll((lane, due) -> due + by);
		this.paceDue += by;
		this.blockedUntil += by;
		this.told = this.told.shifted(by);
		this.at += by;
	}

	private void settle(Report report, Rate rate) {
		report.unused().forEach((charge) -> {
			if (uncharge(charge)) {
				this.told = this.told.plus(1);
				this.paceDue = Math.max(this.paceDue - rate.spacing(), Math.min(this.paceDue, this.at));
			}
		});
		report.finished().forEach((finished) -> {
			uncharge(finished.charge());
			// Before the first answer one call waits for the end of the other.
			long age = this.heard ? finished.age() : Math.max(0, finished.age());
			charge(rate.slot(this.at - age), 1);
		});
		report.ongoing().forEach((charge) -> {
			uncharge(charge);
			charge(held(rate), 1);
		});
	}

	private void hear(Heard heard) {
		this.heard = true;
		long then = this.at - heard.age();
		if (heard.blockedFor() > 0) {
			this.blockedUntil = Math.max(this.blockedUntil, then + heard.blockedFor());
		}
		this.told = this.told.heard(heard, then, this.at, underWay());
	}

	/** Lanes that have not had their share go before all others. */
	private Grant grant(Report report, Rate rate) {
		Map<Lane, Integer> granted = new EnumMap<>(Lane.class);
		Map<Lane, Integer> wanted = new EnumMap<>(Lane.class);
		wanted.putAll(report.wanted());
		for (Lane lane = next(wanted, rate); lane != null; lane = next(wanted, rate)) {
			take(lane, rate);
			granted.merge(lane, 1, Integer::sum);
			wanted.merge(lane, -1, Integer::sum);
		}
		return new Grant(granted, held(rate), due(rate), Math.max(0, this.blockedUntil - this.at), rate, used());
	}

	private Map<Lane, Long> due(Rate rate) {
		Map<Lane, Long> due = new EnumMap<>(Lane.class);
		for (Lane lane : Lane.values()) {
			due.put(lane, Math.max(0, due(lane, rate) - this.at));
		}
		return due;
	}

	private @Nullable Lane next(Map<Lane, Integer> wanted, Rate rate) {
		List<Lane> waiting = Arrays.stream(Lane.values()).filter((lane) -> wanted.getOrDefault(lane, 0) > 0).toList();
		return waiting.stream()
			.filter((lane) -> lane != Lane.SEND && reservedDue(lane, rate) <= this.at)
			.findFirst()
			.or(() -> waiting.stream().filter((lane) -> due(lane, rate) <= this.at).findFirst())
			.orElse(null);
	}

	private void take(Lane lane, Rate rate) {
		this.paceDue = Math.max(this.paceDue, this.at) + rate.spacing();
		// Its turn may have come a step ago, when another lane's had come as well; and
		// what it
		// borrowed beyond its share is forgotten, or the share would be gone for as long.
		long since = Math.max(laneDue(lane), this.at - rate.spacing());
		since = (lane == Lane.TRACK) ? since : Math.min(since, this.at);
		this.lanesDue.put(lane, since + rate.spacing(lane));
		this.told = this.told.minus(1);
		charge(held(rate), 1);
	}

	/** When the lane's next call may be made, if nothing else is until then. */
	private long due(Lane lane, Rate rate) {
		long steps = Math.max(this.paceDue - rate.slack(lane), laneDue(lane) - rate.ahead(lane));
		return Math.min(reservedDue(lane, rate), Math.max(steps, room(rate, rate.spare(lane), rate.last(lane))));
	}

	/** When the lane's next call may be made out of its reserved share. */
	private long reservedDue(Lane lane, Rate rate) {
		long steps = Math.max(this.paceDue - rate.slack(), laneDue(lane));
		return Math.max(steps, room(rate, 0, 0));
	}

	/**
	 * When a call may be made that leaves some to others. By our own count it leaves the
	 * spare ones, and the last ones at the latest when these could have been used: while
	 * answers become slower none comes back for as long.
	 */
	private long room(Rate rate, int spare, int last) {
		long room = Math.max(this.blockedUntil, this.told.room(last, rate.spacing(), this.at));
		if (!this.heard && underWay() > 0) {
			return Math.max(room, this.charges.lastKey());
		}
		long soon = (last - spare + 1) * rate.spacing();
		return Math.max(room, Math.max(left(spare, rate), left(last, rate) - soon));
	}

	/** When so many calls and one more will be left, 0 if they are. */
	private long left(int calls, Rate rate) {
		long left = 0;
		int over = used() + calls + 1 - Math.max(rate.limit(), calls + 1);
		for (Map.Entry<Long, Integer> charge : this.charges.entrySet()) {
			if (over <= 0) {
				break;
			}
			over -= charge.getValue();
			left = charge.getKey() + rate.window();
		}
		return left;
	}

	private long laneDue(Lane lane) {
		return this.lanesDue.getOrDefault(lane, 0L);
	}

	private int used() {
		return this.charges.values().stream().mapToInt(Integer::intValue).sum();
	}

	/** Granted and not yet known to be over. */
	private int underWay() {
		return this.charges.tailMap(this.at, false).values().stream().mapToInt(Integer::intValue).sum();
	}

	private long held(Rate rate) {
		return rate.slot(this.at + HELD);
	}

	private void charge(long slot, int count) {
		this.charges.merge(slot, count, Integer::sum);
	}

	/** Whether the charge was there. */
	private boolean uncharge(long slot) {
		boolean there = this.charges.containsKey(slot);
		this.charges.computeIfPresent(slot, (key, count) -> (count > 1) ? count - 1 : null);
		return there;
	}

	NavigableMap<Long, Integer> charges() {
		return this.charges;
	}

	long paceDue() {
		return this.paceDue;
	}

	Map<Lane, Long> lanesDue() {
		return this.lanesDue;
	}

	long blockedUntil() {
		return this.blockedUntil;
	}

	boolean heard() {
		return this.heard;
	}

	Told told() {
		return this.told;
	}

	/** When it was last changed. */
	long at() {
		return this.at;
	}

}
