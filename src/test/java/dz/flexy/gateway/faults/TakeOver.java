package dz.flexy.gateway.faults;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import dz.flexy.gateway.faults.Ledger.Lease;

/** How long after its holder's death another replica has the lease of the sweeps. */
final class TakeOver implements Runnable {

	static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

	private static final String SWEEP = "sweep-main";

	/** More than this between two looks, and the database was away. */
	private static final Duration BLIND = Duration.ofMillis(1500);

	/** Lease, and the second within which it is taken, and as much again. */
	private static final Duration LONGEST = Duration.ofSeconds(20);

	private final Ledger ledger;

	private final AtomicBoolean closing;

	private final Queue<Look> looks = new ConcurrentLinkedQueue<>();

	TakeOver(Ledger ledger, AtomicBoolean closing) {
		this.ledger = ledger;
		this.closing = closing;
	}

	/**
	 * The lease as it was seen.
	 *
	 * @param end when it runs out
	 */
	record Look(Instant at, String holder, Instant end) {
	}

	@Override
	public void run() {
		while (!this.closing.get()) {
			try {
				Instant now = Instant.now();
				this.ledger.leases()
					.stream()
					.filter((lease) -> lease.name().equals(SWEEP))
					.map((lease) -> look(now, lease))
					.forEach(this.looks::add);
			}
			catch (SQLException away) {
				// Seen by the gap that it leaves.
			}
			Patience.pause(BETWEEN_LOOKS);
		}
	}

	/** One for each death of a holder, if the database was there all the time. */
	List<Duration> after(List<Instant> deaths) {
		return deaths.stream().flatMap((death) -> after(List.copyOf(this.looks), death).stream()).toList();
	}

	static Optional<Duration> after(List<Look> looks, Instant death) {
		List<Look> before = looks.stream().filter((look) -> look.at().isBefore(death)).toList();
		List<Look> since = looks.stream()
			.filter((look) -> !look.at().isBefore(death) && look.at().isBefore(death.plus(LONGEST)))
			.toList();
		if (before.isEmpty() || since.isEmpty()) {
			return Optional.empty();
		}
		Look last = before.getLast();
		Optional<Look> next = since.stream()
			.filter((look) -> !look.holder().equals(last.holder()) && look.end().isAfter(look.at()))
			.findFirst();
		boolean prolonged = since.stream()
			.anyMatch((look) -> look.holder().equals(last.holder())
					&& look.end().isAfter(last.end().plus(BETWEEN_LOOKS)));
		if (prolonged || next.isEmpty() || isBlind(last, since, next.get())) {
			return Optional.empty();
		}
		return Optional.of(Duration.between(death, next.get().at()));
	}

	private static boolean isBlind(Look last, List<Look> since, Look next) {
		Instant seen = last.at();
		for (Look look : since) {
			if (Duration.between(seen, look.at()).compareTo(BLIND) > 0) {
				return true;
			}
			seen = look.at();
			if (look == next) {
				return false;
			}
		}
		return false;
	}

	private static Look look(Instant now, Lease lease) {
		return new Look(now, lease.holder(), now.plusMillis(lease.remainingMillis()));
	}

}
