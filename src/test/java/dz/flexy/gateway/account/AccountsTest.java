package dz.flexy.gateway.account;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.lease.LeasesUnderTest;
import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.signal.Signals;
import io.r2dbc.spi.ConnectionFactories;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;

import static org.assertj.core.api.Assertions.assertThat;

class AccountsTest {

	private static final AccountId MAIN = new AccountId("main");

	private static final AccountId SECOND = new AccountId("second");

	private final Database database = Database.fresh();

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final SettableClock clock = new SettableClock();

	private final Replicas replicas = new Replicas();

	@Test
	void nothingIsKnownOfANewKey() {
		assertThat(standing(accounts("key"), MAIN)).isInstanceOf(Standing.Unverified.class);
	}

	@Test
	void whatTheUpstreamSaidOfAKeySurvivesARestart() {
		Accounts before = accounts("key");
		Standing.Active active = new Standing.Active("+213665983439", true);
		before.activate(before.get(MAIN), active).block();

		assertThat(standing(before, MAIN)).isEqualTo(active);
		assertThat(standing(accounts("key"), MAIN)).isEqualTo(active);
	}

	@Test
	void aStopSurvivesARestart() {
		Accounts before = accounts("key");
		stop(before);

		Standing.Stopped stopped = new Standing.Stopped("ERR_AUTH", this.clock.instant().plus(Accounts.REST));
		assertThat(standing(before, MAIN)).isEqualTo(stopped);
		assertThat(standing(accounts("key"), MAIN)).isEqualTo(stopped);
	}

	@Test
	void aStopReplacesWhatWasKnown() {
		Accounts before = accounts("key");
		before.activate(before.get(MAIN), new Standing.Active("user", false)).block();

		stop(before);

		assertThat(standing(accounts("key"), MAIN)).isInstanceOf(Standing.Stopped.class);
	}

	@Test
	void aNewKeyStartsOver() {
		stop(accounts("key"));

		assertThat(standing(accounts("new key"), MAIN)).isInstanceOf(Standing.Unverified.class);
		assertThat(standing(accounts(" key "), MAIN)).isInstanceOf(Standing.Stopped.class);
	}

	@Test
	void aStopRunsOutAfterFifteenMinutes() {
		Accounts accounts = accounts("key");
		stop(accounts);

		this.clock.advance(Duration.ofMinutes(15).minusMillis(1));
		assertThat(standing(accounts, MAIN)).isInstanceOf(Standing.Stopped.class);
		assertThat(standing(accounts("key"), MAIN)).isInstanceOf(Standing.Stopped.class);

		this.clock.advance(Duration.ofMillis(1));
		assertThat(standing(accounts, MAIN)).isInstanceOf(Standing.Unverified.class);
		assertThat(standing(accounts("key"), MAIN)).isInstanceOf(Standing.Unverified.class);
	}

	@Test
	void aStopOfOneLeavesTheOthers() {
		Accounts accounts = accounts("key");

		stop(accounts);

		assertThat(standing(accounts, SECOND)).isInstanceOf(Standing.Unverified.class);
	}

	@Test
	void aBlockedAddressStopsAll() {
		Accounts accounts = accounts("key");

		accounts.blocked(accounts.get(MAIN), "IP_BLOCKED").block();

		assertThat(standing(accounts("key"), MAIN)).isInstanceOf(Standing.Stopped.class);
		assertThat(standing(accounts("key"), SECOND)).isInstanceOf(Standing.Stopped.class);
	}

	@Test
	void aStopThatCannotBeStoredHoldsAllTheSame() {
		DatabaseClient none = DatabaseClient
			.create(ConnectionFactories.get("r2dbc:postgresql://postgres@localhost:1/none"));
		Accounts accounts = accounts("key", none);

		accounts.stop(accounts.get(MAIN), "ERR_AUTH").onErrorComplete().block();

		assertThat(standing(accounts, MAIN)).isInstanceOf(Standing.Stopped.class);
	}

	@Test
	void aStopIsSeenByOthersAtTheirNextReading() {
		Accounts here = accounts("key");
		Accounts there = accounts("key");
		assertThat(standing(there, MAIN)).isInstanceOf(Standing.Unverified.class);

		stop(here);
		there.refresh().block(PATIENCE);

		assertThat(standing(there, MAIN)).isInstanceOf(Standing.Stopped.class);
		assertThat(standing(there, SECOND)).isInstanceOf(Standing.Unverified.class);
	}

	@Test
	void theOldAndTheNewKeyKnowNothingOfEachOther() {
		Accounts old = accounts("key");
		Accounts mended = accounts("new key");
		Standing.Active active = new Standing.Active("user", false);

		stop(old);
		mended.activate(mended.get(MAIN), active).block();
		old.refresh().block(PATIENCE);
		mended.refresh().block(PATIENCE);

		assertThat(standing(old, MAIN)).isInstanceOf(Standing.Stopped.class);
		assertThat(standing(mended, MAIN)).isEqualTo(active);

		stop(old);
		mended.refresh().block(PATIENCE);
		assertThat(standing(mended, MAIN)).isEqualTo(active);
	}

	@Test
	void aBlockedAddressStopsKeysThatCameLaterToo() {
		accounts("key").blocked(accounts("key").get(MAIN), "IP_BLOCKED").block();

		assertThat(standing(accounts("new key"), MAIN)).isInstanceOf(Standing.Stopped.class);
		this.clock.advance(Accounts.REST);
		assertThat(standing(accounts("new key"), MAIN)).isInstanceOf(Standing.Unverified.class);
	}

	/** Asked before the stop, answered after it. */
	@Test
	void anActivationDoesNotUndoAStop() {
		Accounts here = accounts("key");
		Accounts there = accounts("key");
		stop(there);

		here.activate(here.get(MAIN), new Standing.Active("user", false)).block();
		here.refresh().block(PATIENCE);

		assertThat(standing(here, MAIN)).isInstanceOf(Standing.Stopped.class);
		assertThat(standing(accounts("key"), MAIN)).isInstanceOf(Standing.Stopped.class);
	}

	@Test
	void anActivationIsWelcomeOnceTheStopIsOver() {
		Accounts accounts = accounts("key");
		stop(accounts);
		this.clock.advance(Accounts.REST);

		accounts.activate(accounts.get(MAIN), new Standing.Active("user", false)).block();

		assertThat(standing(accounts("key"), MAIN)).isInstanceOf(Standing.Active.class);
	}

	@Test
	void aStopThatCouldNotBeStoredIsStoredLater() {
		Accounts accounts = accounts("key");
		accounts.activate(accounts.get(MAIN), new Standing.Active("user", false)).block();
		execute("alter table account_key_failure rename to gone");
		assertThat(accounts.refused(accounts.get(MAIN), "ERR_AUTH").materialize().block(PATIENCE).isOnError()).isTrue();
		accounts.refresh().block(PATIENCE);
		assertThat(standing(accounts, MAIN)).isInstanceOf(Standing.Stopped.class);

		execute("alter table gone rename to account_key_failure");
		accounts.refresh().block(PATIENCE);

		assertThat(standing(accounts, MAIN)).isInstanceOf(Standing.Stopped.class);
		assertThat(standing(accounts("key"), MAIN)).isInstanceOf(Standing.Stopped.class);
	}

	@Test
	void aStopThatCannotBeStoredHidesNothingThatOthersStored() {
		Accounts here = accounts("key");
		Accounts there = accounts("key");
		execute("alter table account_key_failure rename to gone");
		here.refused(here.get(MAIN), "ERR_AUTH").onErrorComplete().block(PATIENCE);
		there.stop(there.get(SECOND), "ERR_AUTH").block(PATIENCE);

		here.refresh().block(PATIENCE);

		assertThat(standing(here, SECOND)).isInstanceOf(Standing.Stopped.class);
		assertThat(standing(here, MAIN)).isInstanceOf(Standing.Stopped.class);
		assertThat(standing(there, MAIN)).isInstanceOf(Standing.Unverified.class);
	}

	/**
	 * Else a third bad key could be shown, as its predecessors are counted in the rows.
	 */
	@Test
	void noKeyIsShownWhileARefusalIsNotStored() {
		Accounts accounts = accounts("key");
		execute("alter table account_key_failure rename to gone");
		accounts.refused(accounts.get(MAIN), "ERR_AUTH").onErrorComplete().block(PATIENCE);
		AtomicInteger shown = new AtomicInteger();

		assertThat(accounts.inTurn(accounts.get(SECOND), (standing) -> Mono.fromSupplier(shown::incrementAndGet))
			.materialize()
			.block(PATIENCE)
			.isOnError()).isTrue();
		assertThat(shown).hasValue(0);
	}

	@Test
	void workIsLeftToOthersUnlessThereAreSurelyNone() {
		Accounts accounts = accounts("key");
		stop(accounts);

		assertThat(leftToOthers(accounts, MAIN)).isTrue();
		assertThat(leftToOthers(accounts, SECOND)).isFalse();
		LeasesUnderTest.live(this.replicas, 1);
		assertThat(leftToOthers(accounts, MAIN)).isFalse();
		LeasesUnderTest.live(this.replicas, 2);
		assertThat(leftToOthers(accounts, MAIN)).isTrue();
	}

	@Test
	void oneAsksAndTheOthersGoByWhatItHeard() {
		AtomicInteger asked = new AtomicInteger();
		Standing.Active active = new Standing.Active("user", false);

		List<Standing> heard = Flux.range(0, 3)
			.map((replica) -> accounts("key"))
			.flatMap((replica) -> replica.inTurn(replica.get(MAIN), (standing) -> {
				if (!(standing instanceof Standing.Unverified)) {
					return Mono.just(standing);
				}
				asked.incrementAndGet();
				return Mono.delay(Duration.ofMillis(300))
					.then(replica.activate(replica.get(MAIN), active))
					.thenReturn((Standing) active);
			}))
			.collectList()
			.block(PATIENCE);

		assertThat(heard).containsExactly(active, active, active);
		assertThat(asked).hasValue(1);
	}

	@Test
	void nobodyAsksForTwoAccountsAtOnce() {
		Accounts accounts = accounts("key");
		AtomicInteger asking = new AtomicInteger();

		List<Integer> most = Flux.just(MAIN, SECOND).flatMap((id) -> accounts.inTurn(accounts.get(id), (standing) -> {
			int now = asking.incrementAndGet();
			return Mono.delay(Duration.ofMillis(200)).map((over) -> {
				asking.decrementAndGet();
				return now;
			});
		})).collectList().block(PATIENCE);

		assertThat(most).containsExactly(1, 1);
	}

	@Test
	void aThirdBadKeyIsNotShown() {
		Accounts accounts = accounts("key");
		accounts.refused(accounts.get(MAIN), "ERR_AUTH").block();
		this.clock.advance(Duration.ofMinutes(5));
		Accounts second = accounts("second key");
		second.refused(second.get(MAIN), "ERR_AUTH").block();
		Accounts third = accounts("third key");

		Standing standing = third.inTurn(third.get(MAIN), Mono::just).block(PATIENCE);

		assertThat(standing).isEqualTo(
				new Standing.Stopped("too many keys were refused", this.clock.instant().plus(Duration.ofMinutes(10))));
		assertThat(standing(accounts("third key"), MAIN)).isEqualTo(standing);
		this.clock.advance(Duration.ofMinutes(10));
		assertThat(third.inTurn(third.get(MAIN), Mono::just).block(PATIENCE)).isInstanceOf(Standing.Unverified.class);
	}

	private boolean leftToOthers(Accounts accounts, AccountId id) {
		return accounts.leftToOthers(accounts.get(id)).block(PATIENCE);
	}

	private void stop(Accounts accounts) {
		accounts.stop(accounts.get(MAIN), "ERR_AUTH").block();
	}

	private Standing standing(Accounts accounts, AccountId id) {
		return accounts.standing(accounts.get(id)).block(Duration.ofSeconds(10));
	}

	/** As after a start with that key. */
	private Accounts accounts(String key) {
		return accounts(key, this.database.client());
	}

	private Accounts accounts(String key, DatabaseClient client) {
		return new Accounts(settings(key), new AccountStore(client), LeasesUnderTest.leases(client), this.replicas,
				new Signals(), this.clock);
	}

	private static AccountsProperties settings(String key) {
		return new AccountsProperties(Map.of("main", account(key), "second", account("another key")));
	}

	private static AccountsProperties.Settings account(String key) {
		return new AccountsProperties.Settings(new UpstreamKey(key), 120, Duration.ofSeconds(60), KeyType.PRODUCTION,
				false);
	}

	private void execute(String sql) {
		this.database.client().sql(sql).then().block(PATIENCE);
	}

}
