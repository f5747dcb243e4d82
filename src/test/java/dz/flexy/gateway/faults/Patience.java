package dz.flexy.gateway.faults;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting, in a thread that has nothing else to do. */
final class Patience {

	private static final CountDownLatch NEVER = new CountDownLatch(1);

	private Patience() {
	}

	static void pause(Duration duration) {
		try {
			if (NEVER.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("never came");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Looks again and again; false if it did not come true in time. */
	static boolean await(Duration longest, Duration between, BooleanSupplier condition) {
		long end = System.nanoTime() + longest.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > end) {
				return false;
			}
			pause(between);
		}
		return true;
	}

}
