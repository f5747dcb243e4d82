package dz.flexy.gateway.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * The packaged jar, laid out as Spring Boot recommends for containers, so that the
 * virtual machine can keep what it learnt in one start for the next: fifty starts would
 * otherwise take more of the machine than all orders.
 *
 * @param path of the laid out jar
 * @param options of the virtual machine
 */
record Packaged(Path path, String options) {

	static Packaged learning(Path jar, Path directory) {
		Path target = directory.resolve("laid-out");
		try {
			int exit = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", target.toString())
				.inheritIO()
				.start()
				.waitFor();
			if (exit != 0) {
				throw new IllegalStateException("the jar cannot be laid out");
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		return new Packaged(target.resolve(jar.getFileName()), "-XX:AOTCacheOutput=" + cache(target));
	}

	/** Once a learning one has ended in order. */
	Packaged learnt() {
		return new Packaged(this.path, "-XX:AOTCache=" + cache(this.path.resolveSibling(".")));
	}

	private static Path cache(Path directory) {
		return directory.toAbsolutePath().normalize().resolve("learnt.aot");
	}

}
