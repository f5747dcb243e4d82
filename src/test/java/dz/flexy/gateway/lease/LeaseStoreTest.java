package dz.flexy.gateway.lease;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.Database;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

class LeaseStoreTest {

	private static final Duration LONG = Duration.ofMinutes(1);

	private final Database database = Database.fresh();

	private final LeaseStore store = new LeaseStore(this.database.client());

	@Test
	void oneHolderAtATime() {
		assertThat(take("a")).isPresent();
		assertThat(take("b")).isEmpty();
	}

	@Test
	void oneHolderHoweverManyTryAtOnce() {
		List<Lease> taken = Flux.range(0, 10)
			.flatMap((replica) -> this.store.take("job", "replica-" + replica, LONG))
			.collectList()
			.block(Duration.ofSeconds(30));

		assertThat(taken).hasSize(1);
	}

	@Test
	void eachJobHasAHolderOfItsOwn() {
		take("a");

		assertThat(this.store.take("another job", "b", LONG).block()).isNotNull();
	}

	@Test
	void theHolderProlongsItUnderTheSameToken() {
		Lease first = take("a").orElseThrow();
		age(LONG.dividedBy(2));

		assertThat(take("a")).contains(first);

		age(LONG.dividedBy(2));
		assertThat(take("b")).isEmpty();
	}

	@Test
	void isTakenOverUnderAGreaterTokenOnceItRanOut() {
		Lease first = take("a").orElseThrow();
		age(LONG.dividedBy(2));
		assertThat(take("b")).isEmpty();

		age(LONG.dividedBy(2));
		Lease second = take("b").orElseThrow();

		assertThat(second.token()).isGreaterThan(first.token());
		assertThat(take("a")).isEmpty();
	}

	@Test
	void aHolderWhoseLeaseRanOutGetsAGreaterToken() {
		Lease first = take("a").orElseThrow();
		age(LONG);

		assertThat(take("a").orElseThrow().token()).isGreaterThan(first.token());
	}

	@Test
	void isFreeOnceReleased() {
		Lease first = take("a").orElseThrow();

		this.store.release(first).block();

		assertThat(take("b").orElseThrow().token()).isGreaterThan(first.token());
	}

	/** Its holder may be dead, and nobody would take over for as long as that was. */
	@Test
	void oneThatWasGivenWhileTheClockWasHoursAheadMayBeTaken() {
		Lease first = take("a").orElseThrow();
		age(Duration.ofHours(-2));

		Lease second = take("b").orElseThrow();

		assertThat(second.token()).isGreaterThan(first.token());
		assertThat(take("a")).isEmpty();
	}

	@Test
	void aPredecessorCannotReleaseIt() {
		Lease first = take("a").orElseThrow();
		age(LONG);
		take("b");

		this.store.release(first).block();

		assertThat(take("a")).isEmpty();
	}

	private Optional<Lease> take(String holder) {
		return this.store.take("job", holder, LONG).blockOptional();
	}

	/** As if that much time had passed. */
	private void age(Duration by) {
		this.database.client()
			.sql("update lease set expires_at = expires_at - :seconds * interval '1 second'")
			.bind("seconds", by.toSeconds())
			.then()
			.block();
	}

}
