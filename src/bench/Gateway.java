import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dz.flexy.gateway.GatewaySettings;

/** The built jar as a process of its own. */
record Gateway(Process process, int port, int management, Path log) implements AutoCloseable {

	static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx256m");

	/** With the shipped flags and more. */
	static Gateway start(GatewaySettings settings, String... flags) throws Exception {
		int port = freePort();
		int management = freePort();
		Path log = Files.createTempFile("gateway", ".log");
		List<String> command = new ArrayList<>(List.of(java()));
		command.addAll(FLAGS);
		command.addAll(List.of(flags));
		command.addAll(List.of("-jar", "target/flexy-gateway.jar"));
		settings.set("server.port", port).set("management.server.port", management).asMap()
			.forEach((name, value) -> command.add("--" + name + "=" + value));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		Gateway gateway = new Gateway(process, port, management, log);
		gateway.awaitReady();
		return gateway;
	}

	static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	URI uri() {
		return URI.create("http://127.0.0.1:" + this.port);
	}

	private void awaitReady() throws Exception {
		HttpRequest probe = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + this.management + "/actuator/health/readiness"))
			.build();
		for (int i = 0; i < 1200 && this.process.isAlive(); i++) {
			try (HttpClient http = HttpClient.newHttpClient()) {
				if (http.send(probe, BodyHandlers.discarding()).statusCode() == 200) {
					return;
				}
			}
			catch (IOException notYet) {
				// Asked again.
			}
			Thread.sleep(100);
		}
		close();
		throw new IllegalStateException("not ready:\n" + Files.readString(this.log));
	}

	@Override
	public void close() throws Exception {
		this.process.destroy();
		this.process.waitFor();
	}

	static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
