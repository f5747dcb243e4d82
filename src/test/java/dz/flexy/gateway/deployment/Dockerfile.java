package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The Dockerfile's instructions in turn.
 *
 * @param instructions lines joined, comments left out
 */
record Dockerfile(List<Instruction> instructions) {

	static Dockerfile read() {
		try {
			String text = Files.readString(Path.of("Dockerfile"));
			return new Dockerfile(text.replaceAll("(?m)^#.*\\R", "")
				.replaceAll("\\\\\\R\\s*", "")
				.lines()
				.filter((line) -> !line.isBlank())
				.map((line) -> line.split(" ", 2))
				.map((line) -> new Instruction(line[0], line[1].strip()))
				.toList());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<String> all(String word) {
		return this.instructions.stream()
			.filter((instruction) -> instruction.word().equals(word))
			.map(Instruction::arguments)
			.toList();
	}

	/** The one instruction of that word. */
	String only(String word) {
		List<String> found = all(word);
		if (found.size() != 1) {
			throw new AssertionError(found.size() + " of " + word);
		}
		return found.getFirst();
	}

	/**
	 * One of them.
	 *
	 * @param word in capitals
	 * @param arguments all that follows it
	 */
	record Instruction(String word, String arguments) {

	}

}
