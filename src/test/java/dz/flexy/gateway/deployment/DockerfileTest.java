package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the Dockerfile promises by its text alone; {@link ImageTest} takes its steps.
 */
class DockerfileTest {

	private final Dockerfile dockerfile = Dockerfile.read();

	@Test
	void standsOnBasesOfAWholeVersion() {
		List<String> bases = this.dockerfile.all("FROM").stream().map((from) -> from.replaceAll(" AS .*", "")).toList();

		assertThat(bases).hasSize(4).endsWith("app");
		assertThat(bases.subList(0, 2)).containsOnly(bases.getFirst())
			.allMatch((base) -> base.matches("eclipse-temurin:25\\.\\d+\\.\\d+_\\d+-jre-\\w+(@sha256:[0-9a-f]{64})?"));
		assertThat(bases.get(2)).matches("postgres:18\\.\\d+-\\w+(@sha256:[0-9a-f]{64})?");
	}

	@Test
	void runsTheSameVirtualMachineAsTheStartThatFilledTheCache() throws IOException {
		String training = Files.readString(Path.of("src", "image", "train"));

		assertThat(this.dockerfile.only("ENTRYPOINT"))
			.isEqualTo("[\"java\", \"@jvm.options\", \"-XX:AOTCache=app.aot\", \"-jar\", \"flexy-gateway.jar\"]");
		assertThat(training)
			.contains("/java @jvm.options -Xlog:aot=error -XX:AOTCacheOutput=app.aot -jar flexy-gateway.jar ");
		assertThat(this.dockerfile.all("COPY")).contains("--from=app /opt/java/openjdk/ /opt/java/openjdk/",
				"--from=app /app/ ./", "--from=trained /app/app.aot ./");
	}

	@Test
	void givesMemoryByPercentageOnly() {
		assertThat(JvmOptions.read().lines()).noneMatch((line) -> line.matches("-Xm[sx].*|-XX:(Max|Initial)HeapSize.*"))
			.anyMatch((line) -> line.startsWith("-XX:MaxRAMPercentage="));
	}

	@Test
	void isNotRoot() {
		assertThat(this.dockerfile.only("USER")).matches("[1-9]\\d{3,}:[1-9]\\d{3,}");
	}

	@Test
	void copiesWhatTheBuilderIsGiven() throws IOException {
		List<String> given = Files.readAllLines(Path.of(".dockerignore"))
			.stream()
			.filter((line) -> line.startsWith("!"))
			.map((line) -> line.substring(1))
			.toList();

		assertThat(this.dockerfile.all("COPY")).filteredOn((copy) -> !copy.startsWith("--from"))
			.extracting((copy) -> copy.split(" ")[0])
			.containsExactlyInAnyOrderElementsOf(given);
	}

}
