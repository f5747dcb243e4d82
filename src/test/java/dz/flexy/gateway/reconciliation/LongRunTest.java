package dz.flexy.gateway.reconciliation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** A comparison that does not end by itself. */
class LongRunTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final ReconciliationProperties properties = new ReconciliationProperties(Duration.ofHours(24),
			Duration.ofHours(72), Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ofSeconds(5),
			Duration.ofMinutes(1));

	private final Account account = new Account(new AccountId("main"), new UpstreamKey("key"), 120,
			Duration.ofSeconds(60), KeyType.PRODUCTION, false);

	private final DatabaseClient database = Database.fresh().client();

	@Test
	void isBrokenOffAndSaysSo() {
		RunStore store = new RunStore(this.database, this.properties);
		Runs runs = new Runs(store, new BookStore(this.database, JsonMapper.shared()), endless(),
				new SimpleMeterRegistry(), JsonMapper.shared(), Duration.ofMillis(200));
		runs.ask(List.of(this.account)).blockLast(PATIENCE);

		runs.runIfDue(this.account).block(PATIENCE);

		assertThat(last(store).state()).isEqualTo("INCOMPLETE");
		assertThat(last(store).reason()).startsWith("not done within");
	}

	private RunStore.Past last(RunStore store) {
		return Objects.requireNonNull(store.latest(List.of("main"), 1).blockFirst(PATIENCE));
	}

	/** Reads for ever. */
	private Reconciliation endless() {
		return new Reconciliation(null, null, null, null, null, null, this.properties) {

			@Override
			Mono<Void> compare(Pass pass) {
				return Mono.never();
			}

		};
	}

}
