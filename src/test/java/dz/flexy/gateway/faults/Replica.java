package dz.flexy.gateway.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.FakeClock;
import dz.flexy.gateway.GatewayProcess;
import dz.flexy.gateway.GatewaySettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the gateway's processes, and its lines to the database and to the upstream. */
final class Replica implements AutoCloseable {

	/** By how much the clock of one of them is ahead, where that can be made. */
	static final String SKEW = "+20s";

	private static final Logger log = LoggerFactory.getLogger(Replica.class);

	private static final Duration BETWEEN_STARTS = Duration.ofSeconds(1);

	private final Line database;

	private final Line upstream;

	private final GatewayProcess process;

	private volatile boolean up;

	private volatile boolean over;

	/**
	 * A replica that does not run yet.
	 * @param clock the library that shows it another time, if one does
	 */
	Replica(Packaged jar, Path directory, int database, int upstream, Optional<Path> clock) {
		this.database = new Line(database);
		this.upstream = new Line(upstream);
		GatewaySettings settings = settings(this.database.port(), this.upstream.port()).set("JAVA_TOOL_OPTIONS",
				jar.options());
		clock.ifPresent((library) -> settings.set("LD_PRELOAD", library)
			.set("FAKETIME", SKEW)
			.set("FAKETIME_DONT_FAKE_MONOTONIC", "1")
			.set("DONT_FAKE_MONOTONIC", "1"));
		this.process = GatewayProcess.ofJar(jar.path(), settings, created(directory));
	}

	/**
	 * Debian's libfaketime, if {@code -Dfaults.faketime=true} asks for it: each look at
	 * the clock then costs so much that a busy machine takes minutes to start a replica.
	 */
	static Optional<Path> fakeClock() {
		return Boolean.getBoolean("faults.faketime") ? FakeClock.library() : Optional.empty();
	}

	/** Everything that differs from what is shipped is said in the table. */
	private static GatewaySettings settings(int database, int upstream) {
		GatewaySettings settings = new GatewaySettings()
			.database("r2dbc:postgresql://localhost:" + database + "/postgres")
			.upstream(URI.create("http://127.0.0.1:" + upstream), PlayedUpstream.KEY)
			.set("gateway.upstream.accounts.main.limit", PlayedUpstream.LIMIT)
			.set("gateway.upstream.accounts.main.exclusive", true)
			.set("gateway.upstream.response-timeout", "2s")
			.set("gateway.upstream.connect-timeout", "500ms")
			.set("gateway.upstream.acquire-timeout", "1s")
			.set("gateway.dispatch.send-wait", "4s")
			.set("gateway.dispatch.absence-margin", "1s")
			.set("gateway.dispatch.absence-gap", "1s")
			.set("gateway.dispatch.gift-card-wait", "6s")
			.set("gateway.polling.sweep", "500ms")
			.set("gateway.polling.card-wait", "3s")
			.set("gateway.stream.heartbeat", "1500ms")
			// Longer than the upstream's clock is ahead: a refund's row has its time.
			.set("gateway.reconciliation.settled", "8s")
			.set("gateway.reconciliation.grace", "5s")
			.set("gateway.reconciliation.pause", "500ms")
			.caller(Auditor.NAME, Auditor.KEY)
			.set("gateway.callers.auditor.scopes", "operator");
		Wishes.CALLERS.forEach((caller) -> settings.caller(caller, Shopping.key(caller)));
		return settings;
	}

	/** As an orchestrator does: one that does not come up is started again. */
	synchronized void start() {
		while (!this.up && !this.over) {
			try {
				this.process.start();
				this.up = true;
			}
			catch (RuntimeException down) {
				log.warn("started again: {}", down.toString().lines().findFirst().orElse(""));
				this.process.close();
				Patience.pause(BETWEEN_STARTS);
			}
		}
	}

	/** Ends it as an orchestrator does. */
	synchronized void stop() {
		this.up = false;
		this.process.stop();
	}

	/** Ends it in the middle of anything; false if it does not run. */
	synchronized boolean kill() {
		if (!this.up) {
			return false;
		}
		this.up = false;
		this.process.kill();
		return true;
	}

	/** Lets it sleep without its knowledge; false if it does not run. */
	synchronized boolean freeze(Duration duration) {
		if (!this.up) {
			return false;
		}
		this.process.freeze();
		Patience.pause(duration);
		this.process.thaw();
		return true;
	}

	boolean isUp() {
		return this.up;
	}

	Line database() {
		return this.database;
	}

	Line upstream() {
		return this.upstream;
	}

	URI uri() {
		return this.process.uri();
	}

	URI managementUri() {
		return this.process.managementUri();
	}

	String output() {
		return this.process.output();
	}

	@Override
	public void close() {
		this.over = true;
		this.process.close();
		try {
			this.database.close();
			this.upstream.close();
		}
		catch (IOException ignored) {
			// Nobody uses them any more.
		}
	}

	private static Path created(Path directory) {
		try {
			return Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
