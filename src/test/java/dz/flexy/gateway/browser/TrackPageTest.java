package dz.flexy.gateway.browser;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dz.flexy.gateway.GatewayUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** One order as its buyer follows it. */
@BrowserTest
@TestInstance(Lifecycle.PER_CLASS)
class TrackPageTest {

	private static final LocatorAssertions.ContainsTextOptions SOON = new LocatorAssertions.ContainsTextOptions()
		.setTimeout(30_000);

	private static final JsonMapper JSON = new JsonMapper();

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(Map.of(),
				(simulator) -> simulator.speed(3).postponed(Duration.ofMinutes(30)));
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@ParameterizedTest
	@CsvSource({ "ar-DZ,rtl,جاري معالجة الطلب,تم تنفيذ طلبك", "fr-FR,ltr,Votre commande est en cours,C’est fait",
			"en-GB,ltr,Your order is being processed,Done", "de-DE,rtl,جاري معالجة الطلب,تم تنفيذ طلبك" })
	void runsToItsEndBeforeTheBuyersEyes(String locale, String direction, String working, String done) {
		String order = place("03636681" + locale.charAt(0) % 10);
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), locale)) {
			Page page = visitor.open(link(order, ""));

			assertThat(page.locator("h1")).containsText(working, SOON);
			assertThat(page.locator("[aria-current=step]")).hasCount(1);
			assertThat(page.locator("html")).hasAttribute("dir", direction);
			assertThat(page.locator("html")).hasAttribute("lang",
					(direction.equals("rtl")) ? "ar" : locale.substring(0, 2));
			visitor.picture("track-working-" + locale);
			assertThat(page.locator("h1")).containsText(done, SOON);
			assertThat(page.locator("li[data-is=done]")).hasCount(3);
			assertThat(page.locator("#details")).containsText("036******");
			assertThat(page.locator("#card")).isHidden();
			assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
			assertThat(page.url()).doesNotContain("ticket");
			visitor.assertAccessible();
			visitor.assertNoComplaints();
			assertThat(visitor.bytes()).isBetween(20_000L, 60_000L);
		}
	}

	private String place(String number) {
		return data(post("/v3/internet/send", Map.of("type", "ADSL", "number", number, "value", 1000), true))
			.path("topupId")
			.asString();
	}

	private String link(String order, String body) {
		return data(post("/orders/" + order + "/tickets", body.isEmpty() ? Map.of() : Map.of("card", true), false))
			.path("page")
			.asString();
	}

	private String post(String path, Object body, boolean async) {
		return this.gateway.client().post().uri(path).contentType(MediaType.APPLICATION_JSON).headers((headers) -> {
			if (async) {
				headers.set("Prefer", "respond-async");
			}
		}).bodyValue(body).retrieve().bodyToMono(String.class).block(GatewayUnderTest.patience());
	}

	private static JsonNode data(String body) {
		return JSON.readTree(body).path("data");
	}

}
