package dz.flexy.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
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

	private record Look(Instant at, String name, String holder, Duration remaining) {

		boolean runs() {
			return this.remaining.isPositive();
		}

	}

	/**
	 * What became of a lease after its holder may have died.
	 *
	 * @param holderDied whether nobody has it or another one took it
	 * @param late how long it was free before another one took it, zero for a lease that
	 * was given away before its end; until the last look if nobody has taken it
	 */
	record Fate(String name, boolean holderDied, Duration late) {
	}

	/** The fates of the leases that ran at that moment and whose names begin so. */
	List<Fate> since(Instant death, String prefix) {
		Map<String, List<Look>> byName = this.looks.stream()
			.filter((look) -> look.name().startsWith(prefix))
			.collect(Collectors.groupingBy(Look::name));
		return byName.values()
			.stream()
			.filter((looks) -> looks.stream().anyMatch((look) -> look.at().isBefore(death)))
			.map((looks) -> fate(looks, death))
			.toList();
	}

	private static Fate fate(List<Look> looks, Instant death) {
		Look before = looks.stream().filter((look) -> look.at().isBefore(death)).toList().getLast();
		List<Look> after = looks.stream().filter((look) -> !look.at().isBefore(death)).toList();
		Instant end = before.at().plus(before.remaining());
		Duration late = after.stream()
			.filter((look) -> !look.holder().equals(before.holder()) || look.at().isAfter(end) && look.runs())
			.findFirst()
			.or(() -> after.isEmpty() ? Optional.empty() : Optional.of(after.getLast()))
			.map((look) -> Duration.between(end, look.at()))
			.filter(Duration::isPositive)
			.orElse(Duration.ZERO);
		boolean prolonged = after.stream()
			.anyMatch((look) -> look.holder().equals(before.holder()) && look.at().isAfter(end) && look.runs());
		return new Fate(before.name(), !prolonged, late);
	}

	@Override
	public void close() {
		this.running.dispose();
	}

}
