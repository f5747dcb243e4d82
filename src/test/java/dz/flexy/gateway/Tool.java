package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program that is installed on this machine, or not. */
public final class Tool {

	private static final long PATIENCE_SECONDS = 60;

	private Tool() {
	}

	/**
	 * Runs to the end. A program that is still running after a minute is killed and fails
	 * the test.
	 * @param directory takes the output
	 * @param environment added to this process's own
	 * @return how it ended; a program that is not there has failed
	 */
	public static Result run(Path directory, Map<String, String> environment, String... command) {
		Path output = directory.resolve("stdout");
		Path errors = directory.resolve("stderr");
		ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile())
			.redirectError(errors.toFile());
		direct(builder).putAll(environment);
		try {
			int exit = end(builder, List.of(command));
			return new Result(exit, Files.readString(output), Files.readString(errors));
		}
		catch (IOException absent) {
			return new Result(-1, "", absent.toString());
		}
	}

	static Path write(Path directory, String name, String text) {
		try {
			return Files.writeString(directory.resolve(name), text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Nothing between the program and this machine. */
	private static Map<String, String> direct(ProcessBuilder builder) {
		Map<String, String> environment = builder.environment();
		environment.keySet().removeIf((name) -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
		return environment;
	}

	private static int end(ProcessBuilder builder, List<String> command) throws IOException {
		Process process = builder.start();
		try {
			if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				return process.exitValue();
			}
			throw new IllegalStateException("still running: " + command);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * How a program ended.
	 *
	 * @param exit its exit code, or -1 if it could not be started
	 * @param output what it wrote to its standard output
	 * @param errors and to its standard error
	 */
	public record Result(int exit, String output, String errors) {

		public boolean succeeded() {
			return this.exit == 0;
		}

		public String lastLine() {
			if (this.exit != 0 || this.output.isBlank()) {
				throw new AssertionError("exit " + this.exit + ": " + this.output + this.errors);
			}
			return this.output.strip().lines().toList().getLast();
		}

	}

}
