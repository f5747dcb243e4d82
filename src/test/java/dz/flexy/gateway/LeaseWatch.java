package dz.flexy.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import org.springframework.r2dbc.core.DatabaseClient;

/** Who holds which lease, by the database's table, looked at five times a second. */
final class LeaseWatch implements AutoCloseable {

	static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

	private static final String LEASES = """
			select name, holder, (extract(epoch from expires_at - clock_timestamp()) * 1000)::bigint as remaining
			from lease""";

	private final Queue<Look> looks = new ConcurrentLinkedQueue<>();

	private final Disposable running;

	LeaseWatch(Database database) {
		DatabaseClient client = database.client();
		this.running = Flux.interval(BETWEEN_LOOKS)
			.onBackpressureDrop()
			.concatMap((tick) -> client.sql(LEASES)
				.map((row) -> new Look(Instant.now(), Objects.requireNonNull(row.get("name", String.class)),
						Objects.requireNonNull(row.get("holder", String.class)),
						Duration.ofMillis(Objects.requireNonNull(row.get("remaining", Long.class)))))
				.all(), 0)
			.subscribe(this.looks::add);
	}

	/**
	 * One row as it was seen.
	 *
	 * @param remaining until it runs out, negative if it has
	 */
	record Look(Instant at, String name, String holder, Duration remaining) {

		boolean runs() {
			return this.remaining.isPositive();
		}

	}

	/**
	 * What became of a lease after its holder may have died.
	 *
	 * @param holderDied false if the same holder prolonged it
	 * @param late how long it was nobody's: until another one took it, or until the last
	 * look; zero for one that was given away before its end
	 */
	record Fate(String name, boolean holderDied, Duration late) {
	}

	/**
	 * The fates of the leases that were there at that moment and whose names begin so.
	 */
	List<Fate> since(Instant death, String prefix) {
		return fates(List.copyOf(this.looks), death, prefix);
	}

	static List<Fate> fates(List<Look> looks, Instant death, String prefix) {
		return looks.stream()
			.filter((look) -> look.name().startsWith(prefix))
			.collect(Collectors.groupingBy(Look::name, TreeMap::new, Collectors.toList()))
			.values()
			.stream()
			.filter((ofOne) -> ofOne.getFirst().at().isBefore(death))
			.map((ofOne) -> fate(ofOne, death))
			.toList();
	}

	private static Fate fate(List<Look> looks, Instant death) {
		Look before = looks.stream().filter((look) -> look.at().isBefore(death)).toList().getLast();
		Instant end = before.at().plus(before.remaining());
		Look next = looks.stream()
			.filter((look) -> !look.at().isBefore(death))
			.filter((look) -> !look.holder().equals(before.holder()) || look.at().isAfter(end) && look.runs())
			.findFirst()
			.orElse(looks.getLast());
		boolean prolonged = next.holder().equals(before.holder()) && next.runs();
		Duration late = Duration.between(end, next.at());
		return new Fate(before.name(), !prolonged, late.isPositive() ? late : Duration.ZERO);
	}

	@Override
	public void close() {
		this.running.dispose();
	}

}
