package dz.flexy.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The upstream's published pages and the code in them, word for word. Only the examples
 * of use that follow a function are left out.
 */
final class GuideCode {

	private static final String UPSTREAM = "https://api.oneclickdz.com";

	/** An indented fence: its indentation, its language, and the lines up to its end. */
	private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```(\\w+)[^\n]*\n(.*?)^ *```$");

	private static final Pattern USAGE = Pattern.compile("(?ms)^(//|#) Usage\n.*");

	private static final Pattern PHP_TAG = Pattern.compile("(?m)^(<\\?php|\\?>)$");

	private final List<Block> blocks;

	private GuideCode(String page) {
		this.blocks = BLOCK.matcher(page)
			.results()
			.map((block) -> new Block(block.group(2), block.group(3).replaceAll("(?m)^" + block.group(1), "")))
			.toList();
	}

	/** The guide to sending internet top-ups. */
	static GuideCode ofSending() {
		return new GuideCode(resource("upstream-docs/sending-internet-topups.md"));
	}

	/** The reference page on what answers look like. */
	static GuideCode ofResponses() {
		return new GuideCode(resource("upstream-docs/response-format.md"));
	}

	/**
	 * The blocks of a language that contain these words, one each, in the words' order.
	 */
	String code(String language, String... words) {
		return Stream.of(words).map((word) -> block(language, word)).collect(Collectors.joining("\n"));
	}

	/** The same code, with another host to talk to. */
	static String pointedAt(String code, Object baseUrl) {
		return code.replace(UPSTREAM, baseUrl.toString());
	}

	static String resource(String name) {
		try (InputStream file = GuideCode.class.getClassLoader().getResourceAsStream(name)) {
			return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String block(String language, String word) {
		List<String> found = this.blocks.stream()
			.filter((block) -> block.language().equals(language) && block.code().contains(word))
			.map((block) -> PHP_TAG.matcher(USAGE.matcher(block.code()).replaceAll("")).replaceAll(""))
			.filter((code) -> code.contains(word))
			.toList();
		if (found.size() != 1) {
			throw new IllegalArgumentException(found.size() + " blocks of " + language + " contain " + word);
		}
		return found.getFirst();
	}

	private record Block(String language, String code) {
	}

}
