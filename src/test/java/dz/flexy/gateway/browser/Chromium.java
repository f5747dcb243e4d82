package dz.flexy.gateway.browser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

/**
 * The one browser of the process, started by its first use and ended with the process.
 */
final class Chromium {

	private static final Optional<Path> PROGRAM = Stream
		.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
		.map(Path::of)
		.filter(Files::isExecutable)
		.findFirst();

	private static final List<String> QUIETLY = List.of("--no-sandbox", "--disable-gpu", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync");

	/** A busy machine takes its time; what never comes costs a test this once. */
	static final double PATIENCE_MILLIS = 20_000;

	private Chromium() {
	}

	static boolean isInstalled() {
		return PROGRAM.isPresent();
	}

	static Browser running() {
		return Running.BROWSER;
	}

	/** Starting the driver and the browser takes a second or two. */
	private static final class Running {

		private static final Browser BROWSER = start();

		private static Browser start() {
			Playwright playwright = Playwright
				.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
			PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
			Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
			return playwright.chromium()
				.launch(new LaunchOptions().setExecutablePath(PROGRAM.orElseThrow()).setArgs(QUIETLY));
		}

	}

}
