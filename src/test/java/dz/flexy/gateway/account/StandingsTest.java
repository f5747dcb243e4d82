package dz.flexy.gateway.account;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StandingsTest {

	private static final Account MAIN = new Account(new AccountId("main"), new UpstreamKey("key"), 120,
			Duration.ofSeconds(60), KeyType.PRODUCTION, false);

	private static final KeyId KEY = KeyId.of(MAIN);

	private static final Instant NOW = Instant.parse("2026-01-15T10:00:00Z");

	private static final Standing ACTIVE = new Standing.Active("user", false);

	private static final Standing.Stopped STOPPED = new Standing.Stopped("ERR_AUTH", NOW.plusSeconds(60));

	private final Standings standings = new Standings();

	@Test
	void nothingIsKnownBeforeTheFirstReading() {
		assertThat(this.standings.of(MAIN, NOW)).isEmpty();

		read(Map.of());

		assertThat(this.standings.of(MAIN, NOW)).contains(new Standing.Unverified());
	}

	@Test
	void aStopOnItsWayHoldsAgainstTheRow() {
		Stop stop = new Stop(KEY, STOPPED, Optional.empty());
		this.standings.stopping(stop);
		read(Map.of(KEY, ACTIVE));
		assertThat(this.standings.of(MAIN, NOW)).contains(STOPPED);

		this.standings.saved(stop);
		assertThat(this.standings.of(MAIN, NOW)).contains(STOPPED);
	}

	/** Read before the stop was stored, arrived after it. */
	@Test
	void aReadingThatWasOvertakenIsNotTaken() {
		read(Map.of(KEY, ACTIVE));
		Stop stop = new Stop(KEY, STOPPED, Optional.empty());
		this.standings.stopping(stop);
		long seen = this.standings.version();
		this.standings.saved(stop);

		assertThat(this.standings.replace(seen, Map.of(KEY, ACTIVE))).isFalse();
		assertThat(this.standings.of(MAIN, NOW)).contains(STOPPED);
	}

	@Test
	void aBlockedAddressStopsAnActiveKey() {
		read(Map.of(KEY, ACTIVE, KeyId.EVERY, STOPPED));

		assertThat(this.standings.of(MAIN, NOW)).contains(STOPPED);
		assertThat(this.standings.of(MAIN, STOPPED.until())).contains(ACTIVE);
	}

	@Test
	void aStopThatIsOverLeavesTheKeyUnverified() {
		read(Map.of(KEY, STOPPED));

		assertThat(this.standings.of(MAIN, STOPPED.until().minusMillis(1))).contains(STOPPED);
		assertThat(this.standings.of(MAIN, STOPPED.until())).contains(new Standing.Unverified());
	}

	private void read(Map<KeyId, Standing> rows) {
		assertThat(this.standings.replace(this.standings.version(), rows)).isTrue();
	}

}
