package dz.flexy.gateway.polling;

import java.time.Duration;
import java.time.Instant;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Beats of five seconds, some of them a little early or late. */
class PaceTest {

	private static final Account MAIN = account("main");

	private static final int MANY = 12;

	private final SettableClock clock = new SettableClock(Instant.parse("2026-01-15T10:00:00Z"));

	private boolean scarce = true;

	private final Pace pace = new Pace((account) -> this.scarce, Duration.ofSeconds(5), this.clock);

	@Test
	void looksAtEachBeatWhileThereAreCalls() {
		this.scarce = false;

		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
	}

	@Test
	void looksAtEachSecondBeatWhileTheyAreScarce() {
		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
		later(5_200);
		assertThat(begins(MAIN, Family.INTERNET)).isFalse();
		later(4_700);
		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
		later(5_000);
		assertThat(begins(MAIN, Family.INTERNET)).isFalse();
	}

	/** Others use the calls, and would use six more. */
	@Test
	void looksForFewOrdersAtEachBeat() {
		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
		later(5_000);

		assertThat(this.pace.begins(MAIN, Family.INTERNET, MANY - 1)).isTrue();
	}

	@Test
	void looksAtTheNextBeatAfterOneThatWasDropped() {
		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
		later(15_000);

		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
	}

	@Test
	void looksAgainAtOnceWhenThereAreCallsAgain() {
		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
		later(5_000);
		this.scarce = false;
		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
		later(5_000);
		this.scarce = true;

		assertThat(begins(MAIN, Family.INTERNET)).isFalse();
	}

	@Test
	void familiesAndAccountsDoNotWaitForEachOther() {
		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
		assertThat(begins(MAIN, Family.MOBILE)).isTrue();
		assertThat(begins(account("other"), Family.INTERNET)).isTrue();
		assertThat(begins(MAIN, Family.INTERNET)).isFalse();
	}

	@Test
	void aClockThatIsSetBackStopsNothing() {
		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
		later(-3_600_000);

		assertThat(begins(MAIN, Family.INTERNET)).isTrue();
	}

	private boolean begins(Account account, Family family) {
		return this.pace.begins(account, family, MANY);
	}

	private void later(long millis) {
		this.clock.set(this.clock.instant().plusMillis(millis));
	}

	private static Account account(String id) {
		return new Account(new AccountId(id), new UpstreamKey("key"), 120, Duration.ofSeconds(60), KeyType.PRODUCTION,
				false);
	}

}
