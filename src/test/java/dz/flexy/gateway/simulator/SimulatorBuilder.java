package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Settings of a simulator. Without any it has one production key, {@code sim-key-1}, with
 * a million dinars, 120 calls a minute, any port, and real time.
 */
public final class SimulatorBuilder {

	private final List<KeySettings> keys = new ArrayList<>();

	private final Map<String, Integer> limits = new HashMap<>();

	private int port;

	private Clock clock = Clock.systemUTC();

	private int limit = 120;

	private Duration window = Duration.ofSeconds(60);

	private boolean sliding;

	private final Set<String> slidingKeys = new HashSet<>();

	private Pace pace = Pace.DOCUMENTED;

	private int lockOutAttempts = 5;

	private Duration lockOutDuration = Duration.ofMinutes(15);

	SimulatorBuilder() {
	}

	/** 0, the default, takes any free port. */
	public SimulatorBuilder port(int value) {
		this.port = value;
		return this;
	}

	public SimulatorBuilder clock(Clock value) {
		this.clock = value;
		return this;
	}

	/** A production key that may buy. */
	public SimulatorBuilder account(String key, String username, BigDecimal balance) {
		return account(key, username, KeyType.PRODUCTION, KeyScope.READ_WRITE, balance);
	}

	/** A key; those of the same username and type share one account. */
	public SimulatorBuilder account(String key, String username, KeyType type, KeyScope scope, BigDecimal balance) {
		this.keys.add(new KeySettings(key, username, type, scope, balance));
		return this;
	}

	/** Calls per window, for each key. */
	public SimulatorBuilder limit(int calls) {
		this.limit = calls;
		return this;
	}

	/** Calls per window, for one key. */
	public SimulatorBuilder limit(String key, int calls) {
		this.limits.put(key, calls);
		return this;
	}

	public SimulatorBuilder window(Duration length) {
		this.window = length;
		return this;
	}

	/** Counts over every period of the window's length instead of in fixed windows. */
	public SimulatorBuilder slidingWindow() {
		this.sliding = true;
		return this;
	}

	/** As {@link #slidingWindow()}, for one key. */
	public SimulatorBuilder slidingWindow(String key) {
		this.slidingKeys.add(key);
		return this;
	}

	/** The shortest and the longest delay of an ordinary order. */
	public SimulatorBuilder settle(Duration min, Duration max) {
		this.pace = this.pace.between(min, max);
		return this;
	}

	/** How long a postponed order stays so; 12 hours by default. */
	public SimulatorBuilder postponed(Duration duration) {
		this.pace = this.pace.postponing(duration);
		return this;
	}

	/** Divides every delay until an order settles. */
	public SimulatorBuilder speed(int factor) {
		this.pace = this.pace.times(factor);
		return this;
	}

	/** How many rejected keys block an address, and for how long; 5 and 15 minutes. */
	public SimulatorBuilder lockOut(int attempts, Duration duration) {
		this.lockOutAttempts = attempts;
		this.lockOutDuration = duration;
		return this;
	}

	public UpstreamSimulator start() {
		List<KeySettings> known = this.keys.isEmpty() ? List.of(KeySettings.DEFAULT) : List.copyOf(this.keys);
		return new UpstreamSimulator(new SimulatorSettings(this.port, this.clock, known, this.limit,
				Map.copyOf(this.limits), this.window, this.sliding, Set.copyOf(this.slidingKeys), this.pace,
				this.lockOutAttempts, this.lockOutDuration));
	}

}
