package dz.flexy.gateway.polling;

import java.time.Duration;
import java.time.Instant;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/** Table {@code polling_sweep}: one row for each account and family. */
@Component
public class SweepStore {

	private static final String NOTE = """
			insert into polling_sweep (account, family, ended_at, took, due, changed, failed, dropped)
			values (:account, :family, now(), :took, :due, :changed, :failed, :dropped)
			on conflict on constraint polling_sweep_key do update set ended_at = excluded.ended_at, took = excluded.took,
			  due = excluded.due, changed = excluded.changed, failed = excluded.failed, dropped = excluded.dropped""";

	private final DatabaseClient database;

	SweepStore(DatabaseClient database) {
		this.database = database;
	}

	/**
	 * The last sweeps.
	 * @return one for each account and family that was ever swept, by their names
	 */
	public Flux<SweepReport> last() {
		return this.database.sql("select * from polling_sweep order by account, family").map(SweepStore::report).all();
	}

	/** Replaces what is known of the last sweep. */
	Mono<Void> note(AccountId account, Family family, Duration took, Swept swept, long dropped) {
		return this.database.sql(NOTE)
			.bind("account", account.value())
			.bind("family", family.label())
			.bind("took", (int) took.toMillis())
			.bind("due", swept.due())
			.bind("changed", swept.changed())
			.bind("failed", swept.failed())
			.bind("dropped", dropped)
			.then();
	}

	private static SweepReport report(Readable row) {
		return new SweepReport(new AccountId(requireNonNull(row.get("account", String.class))),
				Family.ofLabel(requireNonNull(row.get("family", String.class))),
				requireNonNull(row.get("ended_at", Instant.class)),
				Duration.ofMillis(requireNonNull(row.get("took", Integer.class))),
				requireNonNull(row.get("due", Integer.class)), requireNonNull(row.get("changed", Integer.class)),
				requireNonNull(row.get("failed", Boolean.class)), requireNonNull(row.get("dropped", Long.class)));
	}

}
