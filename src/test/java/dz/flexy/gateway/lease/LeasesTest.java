package dz.flexy.gateway.lease;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import dz.flexy.gateway.Database;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class LeasesTest {

	private static final Duration LEASE = Duration.ofSeconds(5);

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final Lease mine = new Lease("job", 1);

	private Supplier<Mono<Lease>> store = () -> Mono.just(this.mine);

	private int attempts;

	@Test
	void keepsTheLeaseByABeatOfItsOwn() {
		StepVerifier.withVirtualTime(() -> leases().hold("job", LEASE))
			.expectNext(Optional.of(this.mine))
			.expectNoEvent(Duration.ofMinutes(1))
			.thenCancel()
			.verify(PATIENCE);

		assertThat(this.attempts).isBetween(60, 61);
	}

	@Test
	void triesEachSecondToGetIt() {
		this.store = Mono::empty;

		StepVerifier.withVirtualTime(() -> leases().hold("job", LEASE))
			.expectNext(Optional.empty())
			.expectNoEvent(Duration.ofMinutes(1))
			.then(() -> this.store = () -> Mono.just(this.mine))
			.thenAwait(Duration.ofSeconds(1))
			.expectNext(Optional.of(this.mine))
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void anotherHolderIsNoticedWithinASecond() {
		StepVerifier.withVirtualTime(() -> leases().hold("job", LEASE))
			.expectNext(Optional.of(this.mine))
			.then(() -> this.store = Mono::empty)
			.thenAwait(Duration.ofSeconds(1))
			.expectNext(Optional.empty())
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void anotherTokenIsANewLease() {
		Lease later = new Lease("job", 2);

		StepVerifier.withVirtualTime(() -> leases().hold("job", LEASE))
			.expectNext(Optional.of(this.mine))
			.then(() -> this.store = () -> Mono.just(later))
			.thenAwait(Duration.ofSeconds(1))
			.expectNext(Optional.of(later))
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void isGivenUpBeforeAnotherCouldHaveItWhileTheDatabaseFails() {
		StepVerifier.withVirtualTime(() -> leases().hold("job", LEASE))
			.expectNext(Optional.of(this.mine))
			.then(() -> this.store = () -> Mono.error(new IllegalStateException("no database")))
			.expectNoEvent(Duration.ofMillis(3999))
			.thenAwait(Duration.ofMillis(1))
			.expectNext(Optional.empty())
			.then(() -> this.store = () -> Mono.just(this.mine))
			.thenAwait(Duration.ofSeconds(1))
			.expectNext(Optional.of(this.mine))
			.thenCancel()
			.verify(PATIENCE);
	}

	@Test
	void isGivenUpInTimeWhileTheDatabaseIsSilent() {
		StepVerifier.withVirtualTime(() -> leases().hold("job", LEASE))
			.expectNext(Optional.of(this.mine))
			.then(() -> this.store = Mono::never)
			.thenAwait(Duration.ofSeconds(4))
			.expectNext(Optional.empty())
			.thenCancel()
			.verify(PATIENCE);
	}

	/**
	 * The first holder is gone without a word after its last attempt. The other tries
	 * each second.
	 */
	@Test
	void isTakenOverWithinItsDurationAndASecondOfAKill() {
		Database database = Database.fresh();
		Duration lease = Duration.ofSeconds(2);
		assertThat(leases(database, "a").take("job", lease).block(PATIENCE)).isNotNull();

		LeaseStore rows = new LeaseStore(database.client());
		this.store = () -> rows.take("job", "b", lease);

		StepVerifier.create(leases().hold("job", lease))
			.expectNext(Optional.empty())
			.expectNextMatches(Optional::isPresent)
			.thenCancel()
			.verify(PATIENCE);

		assertThat(this.attempts).isLessThanOrEqualTo(4);
	}

	@Test
	void aloneMeansNotEvenThisReplica() {
		Leases leases = leases(Database.fresh(), "a");
		Lease first = leases.takeAlone("job", LEASE).block(PATIENCE);

		assertThat(leases.takeAlone("job", LEASE).block(PATIENCE)).isNull();
		leases.release(first).block(PATIENCE);
		assertThat(leases.takeAlone("job", LEASE).block(PATIENCE)).isNotNull();
	}

	private Leases leases() {
		return new Leases(new LeaseStore(null) {

			@Override
			Mono<Lease> take(String name, String holder, Duration duration) {
				return Mono.defer(() -> {
					LeasesTest.this.attempts++;
					return LeasesTest.this.store.get();
				});
			}

		}, new Replica("a"));
	}

	private static Leases leases(Database database, String replica) {
		return new Leases(new LeaseStore(database.client()), new Replica(replica));
	}

}
