package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The gateway as a process of its own, with its settings in the environment. May be
 * killed and started again; it keeps its ports and its log goes on in the same file.
 */
public final class GatewayProcess implements AutoCloseable {

	/** It lives for seconds, so it is made to start fast. */
	private static final List<String> SHORT_LIVED = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

	private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

	private static final long LOOKS = 1800;

	private static final long SECONDS_TO_EXIT = 180;

	private final List<String> command;

	private final Map<String, Object> settings;

	private final Path log;

	private final int port = FreePort.next();

	private final int managementPort = FreePort.next();

	private @Nullable Process process;

	private GatewayProcess(List<String> command, Map<String, Object> settings, Path directory) {
		this.command = command;
		this.settings = settings;
		this.log = directory.resolve("gateway.log");
	}

	/** Of the classes that are being tested. */
	static GatewayProcess ofClasses(GatewaySettings settings, Path directory) {
		return ofClasses(FlexyGateway.class, settings, directory);
	}

	/** The same, started by another class. */
	static GatewayProcess ofClasses(Class<?> main, GatewaySettings settings, Path directory) {
		return of(LearntClasses.options(), main, settings, directory);
	}

	/** The same with these options, which say where the classes are. */
	static GatewayProcess of(List<String> options, Class<?> main, GatewaySettings settings, Path directory) {
		List<String> program = new ArrayList<>(options);
		program.add(main.getName());
		return new GatewayProcess(java(program.toArray(String[]::new)), settings.asMap(), directory);
	}

	/** Of a packaged jar. */
	public static GatewayProcess ofJar(Path jar, GatewaySettings settings, Path directory) {
		return new GatewayProcess(java("-jar", jar.toString()), settings.asMap(), directory);
	}

	/** Of whatever a command becomes. */
	public static GatewayProcess ofCommand(List<String> command, GatewaySettings settings, Path directory) {
		return new GatewayProcess(command, settings.asMap(), directory);
	}

	private static List<String> java(String... program) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(SHORT_LIVED);
		command.addAll(List.of(program));
		return command;
	}

	/** Starts it and waits until it is ready. */
	public void start() {
		launch();
		GatewayClient probe = new GatewayClient(URI.create("http://127.0.0.1:" + this.managementPort), "");
		Mono.defer(() -> alive().then(probe.get("/actuator/health/readiness")))
			.onErrorResume((down) -> !(down instanceof IllegalStateException), (down) -> Mono.empty())
			.filter((answer) -> answer.body().path("status").asString("").equals("UP"))
			.repeatWhenEmpty((looks) -> looks.take(LOOKS).delayElements(BETWEEN_LOOKS))
			.switchIfEmpty(Mono.error(() -> new IllegalStateException("not ready: " + output())))
			.block();
	}

	/** Starts it and waits for its end. */
	public int exit() {
		launch();
		return end();
	}

	/** Waits until it ends by itself. */
	int ended() {
		return end();
	}

	/** Ends it as {@code kill -9} does, in the middle of anything. */
	public void kill() {
		running().destroyForcibly();
		end();
		this.process = null;
	}

	/** Asks it to end, as Kubernetes does. */
	public int stop() {
		running().destroy();
		return end();
	}

	/** Stops it where it is, connections open, until it is thawed. */
	public void freeze() {
		signal("STOP");
	}

	public void thaw() {
		signal("CONT");
	}

	public long pid() {
		return running().pid();
	}

	public URI managementUri() {
		return URI.create("http://127.0.0.1:" + this.managementPort);
	}

	public URI uri() {
		return URI.create("http://127.0.0.1:" + this.port);
	}

	GatewayClient client(String key) {
		return new GatewayClient(uri(), key);
	}

	/** All that it has printed, over all its lives. */
	public String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		if (this.process != null) {
			kill();
		}
	}

	private void launch() {
		ProcessBuilder builder = new ProcessBuilder(this.command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()));
		this.settings.forEach((name, value) -> builder.environment().put(variable(name), value.toString()));
		builder.environment().put("SERVER_PORT", Integer.toString(this.port));
		builder.environment().put("MANAGEMENT_SERVER_PORT", Integer.toString(this.managementPort));
		try {
			this.process = builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process running() {
		return Objects.requireNonNull(this.process, "not started");
	}

	private Mono<Void> alive() {
		return running().isAlive() ? Mono.empty()
				: Mono.error(new IllegalStateException("ended by itself: " + output()));
	}

	/** The shell's own {@code kill} is there where no program of that name is. */
	private void signal(String name) {
		try {
			Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + running().pid()).inheritIO().start();
			if (exitOf(kill) != 0) {
				throw new IllegalStateException("kill -" + name + " failed");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int end() {
		return exitOf(running());
	}

	private int exitOf(Process ending) {
		try {
			if (ending.waitFor(SECONDS_TO_EXIT, TimeUnit.SECONDS)) {
				return ending.exitValue();
			}
			throw new IllegalStateException("still running: " + output());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** The environment's name of a setting. */
	private static String variable(String setting) {
		return setting.replace("-", "").replace("]", "").replaceAll("[.\\[]", "_").toUpperCase(Locale.ROOT);
	}

}
