package dz.flexy.gateway.lease;

import java.time.Duration;

import dz.flexy.gateway.Database;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReplicaStoreTest {

	private static final Duration LIFE = Duration.ofSeconds(15);

	private final Database database = Database.fresh();

	private final ReplicaStore store = new ReplicaStore(this.database.client());

	@Test
	void whoHasDiedWhileTheClockWasHoursAheadIsNotCounted() {
		this.store.renew("a", LIFE).block(LIFE);
		assertThat(this.store.renew("b", LIFE).block(LIFE)).isEqualTo(2);

		this.database.client()
			.sql("update replica set expires_at = expires_at + interval '2 hours'")
			.then()
			.block(LIFE);

		assertThat(this.store.renew("b", LIFE).block(LIFE)).isOne();
	}

}
