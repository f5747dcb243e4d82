package dz.flexy.gateway.simulator;

import java.math.BigDecimal;

import dz.flexy.gateway.SettableClock;

/**
 * One simulator for all tests of a class, with an account of its own for each test: a
 * simulator per test would cost more than what is tested. The clock only goes on.
 */
final class FreshAccounts implements AutoCloseable {

	/**
	 * What one test has for itself: a million dinars, a production key and a sandbox key.
	 */
	record Own(String key, SimulatorClient client, SimulatorClient sandbox, SimulatedAccount account) {
	}

	private final SettableClock clock = new SettableClock();

	private final UpstreamSimulator simulator;

	private final SimulatorClient anybody;

	private int taken;

	FreshAccounts(int count) {
		SimulatorBuilder builder = UpstreamSimulator.builder().clock(this.clock);
		for (int i = 1; i <= count; i++) {
			BigDecimal balance = new BigDecimal("1000000");
			String username = "+2136" + (10_000_000 + i);
			builder.account("key-" + i, username, balance);
			builder.account("sandbox-" + i, username, KeyType.SANDBOX, KeyScope.READ_WRITE, balance);
		}
		this.simulator = builder.start();
		this.anybody = new SimulatorClient(this.simulator).as("");
	}

	Own next() {
		this.taken++;
		String key = "key-" + this.taken;
		return new Own(key, this.anybody.as(key), this.anybody.as("sandbox-" + this.taken),
				this.simulator.account(key));
	}

	SettableClock clock() {
		return this.clock;
	}

	UpstreamSimulator simulator() {
		return this.simulator;
	}

	/** Ends what a test has switched on for all. */
	void calm() {
		this.simulator.drift().clear();
		this.simulator.faults().clear();
	}

	@Override
	public void close() {
		this.simulator.close();
	}

}
