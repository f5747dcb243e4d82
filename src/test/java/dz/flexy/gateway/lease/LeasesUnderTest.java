package dz.flexy.gateway.lease;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.r2dbc.core.DatabaseClient;

/** Leases of a new replica, for tests of other modules. */
public final class LeasesUnderTest {

	private static final AtomicInteger replicas = new AtomicInteger();

	private LeasesUnderTest() {
	}

	public static Leases leases(DatabaseClient database) {
		return new Leases(new LeaseStore(database), new Replica("test" + replicas.incrementAndGet()));
	}

	/** As if that many lived. */
	public static void live(Replicas replicas, int live) {
		replicas.counted(live);
	}

}
