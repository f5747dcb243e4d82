package dz.flexy.gateway;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.UpstreamSimulator;

import org.springframework.util.FileSystemUtils;

/**
 * The classes that are being tested, and what the virtual machine learnt in one start of
 * them, for all further processes of theirs: each start otherwise takes several seconds
 * of the machine. They are packed for it, since the virtual machine keeps nothing of
 * directories.
 */
final class LearntClasses {

	private static final Path DIRECTORY = Path.of("target", "learnt").toAbsolutePath();

	private static final Path CACHE = DIRECTORY.resolve("learnt.aot");

	private LearntClasses() {
	}

	/** Options to start with; the name of a class with a main method follows them. */
	static List<String> options() {
		return Learnt.OPTIONS;
	}

	private static List<String> learn() {
		try {
			FileSystemUtils.deleteRecursively(DIRECTORY);
			Files.createDirectories(DIRECTORY);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		String classes = packed();
		buyOnce(List.of("-XX:AOTCacheOutput=" + CACHE, "-cp", classes));
		return List.of("-XX:AOTCache=" + CACHE, "-cp", classes);
	}

	/** Its own database and upstream, so that it is seen in no test. */
	private static void buyOnce(List<String> options) {
		try (UpstreamSimulator upstream = UpstreamSimulator.builder().speed(10).start();
				GatewayProcess gateway = GatewayProcess.of(options, FlexyGateway.class,
						GatewayUnderTest.settings(upstream, Database.fresh())
							.without("spring.main.register-shutdown-hook"),
						DIRECTORY)) {
			gateway.start();
			GatewayClient client = gateway.client(GatewayUnderTest.KEY);
			client.send("036362680", "learning")
				.map(Answer::topupId)
				.flatMap(client::numbers)
				.block(GatewayUnderTest.patience());
			gateway.stop();
		}
	}

	private static String packed() {
		String classes = Objects.requireNonNull(System.getProperty("java.class.path"));
		List<String> all = new ArrayList<>();
		for (String entry : classes.split(File.pathSeparator)) {
			Path path = Path.of(entry);
			all.add(Files.isDirectory(path) ? packed(path).toString() : entry);
		}
		return String.join(File.pathSeparator, all);
	}

	private static Path packed(Path directory) {
		Path jar = DIRECTORY.resolve(directory.getFileName() + ".jar");
		int exit = ToolProvider.findFirst("jar")
			.orElseThrow()
			.run(System.out, System.err, "--create", "--file", jar.toString(), "--no-compress", "-C",
					directory.toString(), ".");
		if (exit != 0) {
			throw new IllegalStateException("cannot be packed: " + directory);
		}
		return jar;
	}

	/** Once, when the first process is asked for. */
	private static final class Learnt {

		private static final List<String> OPTIONS = learn();

	}

}
