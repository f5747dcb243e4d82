package dz.flexy.gateway.account;

import java.time.Duration;
import java.util.Map;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.SettableClock;
import io.r2dbc.spi.ConnectionFactories;
import org.junit.jupiter.api.Test;

import org.springframework.r2dbc.core.DatabaseClient;

import static org.assertj.core.api.Assertions.assertThat;

class AccountsTest {

	private static final AccountId MAIN = new AccountId("main");

	private static final AccountId SECOND = new AccountId("second");

	private final Database database = Database.fresh();

	private final SettableClock clock = new SettableClock();

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

		accounts.stopAll("IP_BLOCKED").block();

		assertThat(standing(accounts("key"), MAIN)).isInstanceOf(Standing.Stopped.class);
		assertThat(standing(accounts("key"), SECOND)).isInstanceOf(Standing.Stopped.class);
	}

	@Test
	void aStopThatCannotBeStoredHoldsAllTheSame() {
		DatabaseClient none = DatabaseClient
			.create(ConnectionFactories.get("r2dbc:postgresql://postgres@localhost:1/none"));
		Accounts accounts = new Accounts(settings("key"), new AccountStore(none), this.clock);

		accounts.stop(accounts.get(MAIN), "ERR_AUTH").onErrorComplete().block();

		assertThat(standing(accounts, MAIN)).isInstanceOf(Standing.Stopped.class);
	}

	private void stop(Accounts accounts) {
		accounts.stop(accounts.get(MAIN), "ERR_AUTH").block();
	}

	private Standing standing(Accounts accounts, AccountId id) {
		return accounts.standing(accounts.get(id)).block(Duration.ofSeconds(10));
	}

	/** As after a start with that key. */
	private Accounts accounts(String key) {
		return new Accounts(settings(key), new AccountStore(this.database.client()), this.clock);
	}

	private static AccountsProperties settings(String key) {
		return new AccountsProperties(Map.of("main", account(key), "second", account("another key")));
	}

	private static AccountsProperties.Settings account(String key) {
		return new AccountsProperties.Settings(new UpstreamKey(key), 120, Duration.ofSeconds(60), KeyType.PRODUCTION,
				false);
	}

}
