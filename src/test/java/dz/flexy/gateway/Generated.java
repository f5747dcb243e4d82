package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page that is made from the code. It is kept in the repository, where people read it,
 * so a stale one fails; with {@code -Ddocs.write=true} its test writes it anew.
 */
final class Generated {

	private Generated() {
	}

	static void assertIs(Path page, String made) {
		try {
			if (Boolean.getBoolean("docs.write")) {
				Files.writeString(page, made);
			}
			assertThat(Files.readString(page)).as("%s is stale; its test writes it with -Ddocs.write=true", page)
				.isEqualTo(made);
		}
		catch (IOException unreadable) {
			throw new UncheckedIOException(unreadable);
		}
	}

}
