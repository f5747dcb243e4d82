package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.budget.UsageRows.Row;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class UsageStoreTest {

	private static final AccountId MAIN = new AccountId("main");

	private static final Rate RATE = Rate.of(120, Duration.ofSeconds(60));

	private final UsageStore store = new UsageStore(Database.fresh().client());

	@Test
	void aNewRowHasNothingUsed() {
		Row row = read();

		assertThat(row.usage().charges()).isEmpty();
		assertThat(row.usage().heard()).isFalse();
		assertThat(row.usage().told()).isEqualTo(Told.NOTHING);
		assertThat(Instant.ofEpochMilli(row.now() / 1000)).isBetween(Instant.now().minusSeconds(60),
				Instant.now().plusSeconds(60));
	}

	@Test
	void readsWhatWasWritten() {
		Row row = read();
		row.usage()
			.exchange(
					new Report(List.of(), List.of(), List.of(),
							List.of(new Heard(100, 90, 1_761_698_279, 30_000_000, 5_000_000, 0)), Map.of()),
					RATE, row.now());
		row.usage().exchange(wants(Lane.LOOKUP), RATE, row.now() + 6_000_000);
		assertThat(this.store.write(MAIN, row).block()).isTrue();

		Usage read = read().usage();

		assertThat(read.charges()).isEqualTo(row.usage().charges()).hasSize(1);
		assertThat(read.paceDue()).isEqualTo(row.usage().paceDue()).isPositive();
		assertThat(read.lanesDue()).isEqualTo(row.usage().lanesDue());
		assertThat(read.lanesDue().get(Lane.LOOKUP)).isPositive();
		assertThat(read.blockedUntil()).isEqualTo(row.now() + 5_000_000);
		assertThat(read.told()).isEqualTo(new Told(100, 1_761_698_279, 89, row.now() + 30_000_000));
		assertThat(read.heard()).isTrue();
		assertThat(read.at()).isEqualTo(row.now() + 6_000_000);
	}

	@Test
	void aRowThatHasChangedIsNotWritten() {
		Row first = read();
		Row second = read();
		first.usage().exchange(wants(Lane.SEND), RATE, first.now());
		second.usage().exchange(wants(Lane.SEND), RATE, second.now());

		assertThat(this.store.write(MAIN, first).block()).isTrue();
		assertThat(this.store.write(MAIN, second).block()).isFalse();

		assertThat(read().usage().charges()).hasSize(1);
	}

	@Test
	void accountsHaveRowsOfTheirOwn() {
		Row main = read();
		main.usage().exchange(wants(Lane.SEND), RATE, main.now());
		this.store.write(MAIN, main).block();

		assertThat(this.store.read(new AccountId("other")).block().usage().charges()).isEmpty();
	}

	/** As many replicas at once, each of which starts over when another was faster. */
	@Test
	void nothingIsLostAmongManyWriters() {
		Usage first = read().usage();
		assertThat(first.charges()).isEmpty();
		Mono<Boolean> spend = Mono.defer(() -> this.store.read(MAIN).flatMap((row) -> {
			row.usage().charges().merge(row.now(), 1, Integer::sum);
			return this.store.write(MAIN, row);
		})).filter((written) -> written).repeatWhenEmpty((collisions) -> collisions);

		Flux.range(0, 50).flatMap((i) -> spend, 8).blockLast(Duration.ofSeconds(30));

		assertThat(read().usage().charges().values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(50);
	}

	private Row read() {
		return this.store.read(MAIN).block();
	}

	private static Report wants(Lane lane) {
		return new Report(List.of(), List.of(), List.of(), List.of(), Map.of(lane, 1));
	}

}
