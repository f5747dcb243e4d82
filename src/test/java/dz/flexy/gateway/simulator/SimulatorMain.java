package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the simulator as a process until it is killed. Settings are arguments
 * {@code name=value} or system properties {@code simulator.name}: {@code port},
 * {@code limit}, {@code window} (seconds), {@code speed}, {@code postponed} (seconds),
 * {@code key}, {@code username}, {@code balance}, {@code skew} (seconds by which its
 * clock is ahead of this machine's).
 */
public final class SimulatorMain {

	private String[] arguments = {};

	SimulatorMain() {
	}

	/**
	 * Not static, so that the Maven plugin finds one static main among the tests: the
	 * demo's.
	 */
	void main(String[] args) throws InterruptedException {
		this.arguments = args;
		quieten();
		UpstreamSimulator simulator = start();
		Runtime.getRuntime().addShutdownHook(new Thread(simulator::close));
		System.out.println(simulator.describe());
		new CountDownLatch(1).await();
	}

	/** Without Spring nothing configures logging, and its default is every debug line. */
	private static void quieten() {
		if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof ch.qos.logback.classic.Logger root) {
			root.setLevel(Level.WARN);
		}
	}

	private UpstreamSimulator start() {
		KeySettings known = KeySettings.DEFAULT;
		return UpstreamSimulator.builder()
			.port(number("port", 0))
			.clock(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(number("skew", 0))))
			.limit(number("limit", 120))
			.window(Duration.ofSeconds(number("window", 60)))
			.speed(number("speed", 1))
			.postponed(Duration.ofSeconds(number("postponed", 43_200)))
			.account(text("key").orElse(known.key()), text("username").orElse(known.username()),
					text("balance").map(BigDecimal::new).orElse(known.balance()))
			.start();
	}

	private int number(String name, int absent) {
		return text(name).map(Integer::parseInt).orElse(absent);
	}

	private Optional<String> text(String name) {
		return Arrays.stream(this.arguments)
			.filter((argument) -> argument.startsWith(name + "="))
			.map((argument) -> argument.substring(name.length() + 1))
			.findFirst()
			.or(() -> Optional.ofNullable(System.getProperty("simulator." + name)));
	}

}
