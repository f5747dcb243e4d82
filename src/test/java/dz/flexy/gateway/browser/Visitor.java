package dz.flexy.gateway.browser;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.ColorScheme;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Somebody with a browser of his own: no cookies yet, one language, one screen. What goes
 * wrong in his pages is written down.
 */
public final class Visitor implements AutoCloseable {

	/** Where pictures go; the documents' own are replaced by naming their directory. */
	private static final Path PICTURES = Path.of(System.getProperty("gateway.screenshots", "target/screenshots"));

	private static final List<String> GRAVE = List.of("serious", "critical");

	private final URI origin;

	private final BrowserContext context;

	private final Page page;

	private final List<String> complaints = new ArrayList<>();

	private final List<Request> finished = new ArrayList<>();

	private Visitor(URI origin, NewContextOptions options) {
		this.origin = origin;
		this.context = Chromium.running().newContext(options);
		this.context.setDefaultTimeout(Chromium.PATIENCE_MILLIS);
		this.context.onConsoleMessage((message) -> {
			if (message.type().equals("error")) {
				this.complaints.add("console: " + message.text() + " (" + message.location() + ")");
			}
		});
		this.context.onWebError((failure) -> this.complaints.add("script: " + failure.error()));
		this.context.onRequest(this::stayHere);
		this.context.onRequestFinished(this.finished::add);
		this.page = this.context.newPage();
	}

	/**
	 * With a screen of 1280 by 800.
	 * @param origin scheme, host and port of the gateway; asking anything else is a
	 * complaint
	 * @param locale the browser's language, such as {@code ar-DZ}
	 */
	public static Visitor atDesk(URI origin, String locale) {
		return new Visitor(origin, options(locale).setViewportSize(1280, 800));
	}

	/** The same, when it is dark. */
	public static Visitor atNight(URI origin, String locale) {
		return new Visitor(origin, options(locale).setViewportSize(1280, 800).setColorScheme(ColorScheme.DARK));
	}

	/** With a screen of 390 by 844 that is touched. */
	public static Visitor onPhone(URI origin, String locale) {
		return new Visitor(origin, options(locale).setViewportSize(390, 844).setHasTouch(true).setIsMobile(true));
	}

	/**
	 * Goes to a path.
	 * @param path with its query, if it has one
	 * @return the only page of this visitor
	 */
	public Page open(String path) {
		this.page.navigate(this.origin + path);
		return this.page;
	}

	public Page page() {
		return this.page;
	}

	/** For its cookies, or for being without a network. */
	public BrowserContext context() {
		return this.context;
	}

	/**
	 * Bytes of the bodies of all answers that have ended, as they were transferred; so
	 * those of open streams are not in it.
	 */
	public long bytes() {
		return List.copyOf(this.finished).stream().mapToLong((request) -> request.sizes().responseBodySize).sum();
	}

	/**
	 * Errors in the console, uncaught ones, and requests to elsewhere, in their order.
	 */
	public List<String> complaints() {
		return List.copyOf(this.complaints);
	}

	/** A gateway that stops makes the browser complain; that is then as it should be. */
	public void forgive() {
		this.complaints.clear();
	}

	/** Nothing went wrong and nothing but the gateway was asked. */
	public void assertNoComplaints() {
		assertThat(this.complaints).as("complaints of the browser").isEmpty();
	}

	/** No violation that axe calls serious or critical, in the page as it is now. */
	public void assertAccessible() {
		List<Rule> grave = new AxeBuilder(this.page).analyze()
			.getViolations()
			.stream()
			.filter((rule) -> GRAVE.contains(rule.getImpact()))
			.toList();
		assertThat(grave).as(() -> grave.stream().map(Visitor::describe).collect(Collectors.joining("\n"))).isEmpty();
	}

	/**
	 * Takes a picture of what the screen shows.
	 * @param name without an ending
	 * @return the file
	 */
	public Path picture(String name) {
		Path file = PICTURES.resolve(name + ".png");
		this.page.screenshot(new ScreenshotOptions().setPath(file));
		return file;
	}

	@Override
	public void close() {
		this.context.close();
	}

	private static NewContextOptions options(String locale) {
		return new NewContextOptions().setLocale(locale).setTimezoneId("Africa/Algiers");
	}

	private void stayHere(Request request) {
		if (!request.url().startsWith(this.origin + "/")
				&& !request.url().toLowerCase(Locale.ROOT).startsWith("data:")) {
			this.complaints.add("left the gateway: " + request.url());
		}
	}

	private static String describe(Rule rule) {
		return rule.getImpact() + " " + rule.getId() + ": " + rule.getHelp() + " at "
				+ rule.getNodes().stream().map((node) -> node.getTarget() + " " + node.getHtml()).toList();
	}

}
