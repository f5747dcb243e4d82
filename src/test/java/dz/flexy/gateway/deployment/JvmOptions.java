package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.springframework.util.unit.DataSize;

/**
 * How the virtual machine is run, in the image and by hand.
 *
 * @param lines without comments
 */
record JvmOptions(List<String> lines) {

	static final Path FILE = Path.of("src", "image", "jvm.options");

	static JvmOptions read() {
		try {
			return new JvmOptions(Files.readAllLines(FILE)
				.stream()
				.filter((line) -> !line.isBlank() && !line.startsWith("#"))
				.toList());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	long percent(String name) {
		return Long.parseLong(value(name));
	}

	long bytes(String name) {
		return DataSize.parse(value(name).toUpperCase(java.util.Locale.ROOT) + "B").toBytes();
	}

	private String value(String name) {
		return this.lines.stream()
			.filter((line) -> line.startsWith("-XX:" + name + "="))
			.map((line) -> line.substring(line.indexOf('=') + 1))
			.findFirst()
			.orElseThrow();
	}

}
