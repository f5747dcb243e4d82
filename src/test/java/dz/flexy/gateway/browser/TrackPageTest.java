package dz.flexy.gateway.browser;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import dz.flexy.gateway.FreePort;
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

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * One order as its buyer follows it. The upstream has each order for ever until the test
 * settles it.
 */
@BrowserTest
@TestInstance(Lifecycle.PER_CLASS)
class TrackPageTest {

	private static final JsonMapper JSON = new JsonMapper();

	private static final String WORKING = "Your order is being processed";

	private static final String DONE = "Done";

	private final AtomicInteger orders = new AtomicInteger();

	private GatewayUnderTest gateway;

	/** On a port of its own, so that a restart does not move it. */
	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(Map.of("server.port", FreePort.next()));
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@ParameterizedTest
	@CsvSource({ "ar-DZ,ar,rtl,جاري معالجة الطلب,المتعامل أجّل طلبك,تم تنفيذ طلبك",
			"fr-FR,fr,ltr,Votre commande est en cours,L’opérateur a reporté,C’est fait",
			"en-GB,en,ltr,Your order is being processed,The operator has postponed,Done",
			"de-DE,ar,rtl,جاري معالجة الطلب,المتعامل أجّل طلبك,تم تنفيذ طلبك" })
	void runsToItsEndBeforeTheBuyersEyes(String locale, String language, String direction, String working,
			String postponed, String done) {
		String order = place();
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), locale)) {
			Page page = visitor.open(link(order, false));

			assertHeadline(page, working);
			assertThat(page.locator("[aria-current=step]")).hasCount(1);
			assertThat(page.locator("html")).hasAttribute("dir", direction);
			assertThat(page.locator("html")).hasAttribute("lang", language);
			visitor.assertAccessible();
			visitor.picture("track-working-" + locale);
			settle(order, "QUEUED");
			assertHeadline(page, postponed);
			assertThat(page.locator("#advice")).isVisible();
			visitor.assertAccessible();
			visitor.picture("track-postponed-" + locale);
			settle(order, "FULFILLED");
			assertHeadline(page, done);
			assertThat(page.locator("li[data-is=done]")).hasCount(3);
			assertThat(page.locator("#details")).containsText("036****89");
			assertThat(page.locator("#card")).isHidden();
			assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
			assertThat(page.url()).doesNotContain("ticket");
			visitor.assertNoComplaints();
			assertThat(visitor.bytes()).isBetween(20_000L, 60_000L);
		}
	}

	@ParameterizedTest
	@CsvSource({ "ar-DZ,track-ar", "fr-FR,track-fr", "en-GB,track-en" })
	void theCardIsShownOnDemandAndCopied(String locale, String picture) {
		String order = place();
		settle(order, "FULFILLED");
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), locale)) {
			visitor.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
			Page page = visitor.open(link(order, true));
			assertThat(page.locator("#reveal")).isVisible();
			assertThat(page.locator(".code")).hasCount(0);
			visitor.picture(picture);

			page.locator("#reveal").click();

			String code = card(order);
			assertThat(page.locator(".code")).containsText(code);
			visitor.assertAccessible();
			page.locator(".copy").click();
			assertThat(page.locator("#card-said")).not().isEmpty();
			visitor.picture(picture + "-card");
			page.locator("#reveal").click();
			assertThat(page.locator(".code")).hasCount(0);
			assertThat(page.content()).doesNotContain(code);
			visitor.assertNoComplaints();
		}
	}

	@Test
	void aPageThatSawARestartGoesOnByItself() {
		String order = place();
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = visitor.open(link(order, false));
			assertHeadline(page, WORKING);
			page.evaluate("window.here = 'since the start'");

			this.gateway.stop();
			assertThat(page.locator("#connection")).containsText("Connection lost", patience());
			assertHeadline(page, WORKING);
			visitor.picture("track-lost");
			this.gateway.restart();
			assertThat(page.locator("#connection")).containsText("back", patience());
			settle(order, "FULFILLED");

			assertHeadline(page, DONE);
			assertThat(page.evaluate("window.here")).isEqualTo("since the start");
			assertThat(visitor.complaints()).noneMatch((one) -> one.startsWith("script") || one.startsWith("left"));
		}
	}

	@Test
	void saysWhatToDoWhenNothingWasBought() {
		String order = place();
		settle(order, "REFUNDED");
		try (Visitor visitor = Visitor.atNight(this.gateway.uri(), "en-GB")) {
			Page page = visitor.open(link(order, true));

			assertHeadline(page, "no money was kept");
			assertThat(page.locator("#advice")).containsText("Ask the shop");
			assertThat(page.locator("#card")).isHidden();
			visitor.assertAccessible();
			visitor.picture("track-refunded-night");
			visitor.assertNoComplaints();
		}
	}

	/** In a browser that is as old as Safari 15. */
	@ParameterizedTest
	@CsvSource({ "ar-DZ,جاري معالجة الطلب...,ونحن نعمل عليه,جارية الآن",
			"fr-FR,Votre commande est en cours,nous nous en occupons,en cours",
			"en-GB,Your order is being processed,are working on it,now" })
	void doesNotSayThatTheOperatorHasWhatMayNotBeSent(String locale, String headline, String meaning, String now) {
		String order = place();
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), locale)) {
			visitor.context().addInitScript("delete AbortSignal.timeout");
			visitor.page()
				.route("**/orders/" + order, (route) -> route.fulfill(new FulfillOptions()
					.setBody(route.fetch().text().replace("\"state\":\"HANDLING\"", "\"state\":\"SEND_UNKNOWN\""))));
			visitor.page().route("**/orders/" + order + "/events", (route) -> route.abort());

			Page page = visitor.open(link(order, false));

			assertHeadline(page, headline);
			assertThat(page.locator("#meaning")).containsText(meaning);
			assertThat(page.locator("#step-2 .unseen")).hasText(now);
			assertThat(page.locator("#step-2 .name")).not().containsText("operator");
			visitor.assertAccessible();
		}
	}

	@Test
	void saysHowManyCardsArrivedAndNamesTheButtonOfEach() {
		String order = place();
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), "en-GB")) {
			visitor.page().route("**/orders/" + order, (route) -> route.fulfill(new FulfillOptions().setBody("""
					{"success":true,"meta":{"timestamp":"2026-01-02T00:00:01.000Z"},"data":{"orderId":"%s","ref":"r",
					"product":"Steam","quantity":3,"fulfilled":2,"status":"PARTIALLY_FILLED","state":"PARTIALLY_FILLED",
					"final":true,"acceptedAt":"2026-01-02T00:00:00.000Z","finalAt":"2026-01-02T00:00:01.000Z",
					"events":[],"card":true}}""".formatted(order))));
			visitor.page()
				.route("**/orders/" + order + "/card", (route) -> route.fulfill(new FulfillOptions().setBody(
						"""
								{"success":true,"data":{"cards":[{"value":"AA-1","serial":"1"},{"value":"BB-2","serial":"2"}]}}""")));
			Page page = visitor.open(link(order, true));
			assertThat(page.locator("#meaning")).containsText("2 of 3 cards");

			page.locator("#reveal").click();

			assertThat(page.locator(".copy").nth(1)).hasAttribute("aria-label", "Copy code 2 of 2");
			visitor.assertAccessible();
		}
	}

	/** A dead connection looks like an order that does not move. */
	@Test
	void aPageThatHearsNothingLooksAgain() {
		String order = place();
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), "en-GB")) {
			visitor.page().clock().install();
			Page page = visitor.open(link(order, false));
			assertHeadline(page, WORKING);

			page.waitForRequest("**/orders/" + order, () -> page.clock().fastForward(130_000));

			settle(order, "FULFILLED");
			assertHeadline(page, DONE);
		}
	}

	@Test
	void whoseTimeIsOverIsToldSo() {
		String order = place();
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), "fr-FR")) {
			Page page = visitor.open(link(order, false));
			assertHeadline(page, "Votre commande est en cours");

			execute("update callers_ticket set ends_at = now() where order_id = '" + order + "'");
			page.evaluate("dispatchEvent(new Event('online'))");
			page.reload();

			assertHeadline(page, "Ce lien n’est plus valable");
			assertThat(page.locator("#advice")).containsText("Demandez un nouveau lien");
			assertThat(page.locator("#details")).isHidden();
			visitor.assertAccessible();
		}
	}

	/** The stream ends with the authority, and a browser is told by the refusal. */
	@Test
	void aPageThatIsOpenWhenItsTimeEndsSaysSoByItself() {
		String order = place();
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), "en-GB")) {
			String link = link(order, false);
			Page page = visitor.open(link);
			assertHeadline(page, WORKING);
			execute("update callers_ticket set ends_at = now() + interval '15 seconds' where order_id = '" + order
					+ "'");

			page.reload();
			assertHeadline(page, WORKING);

			assertHeadline(page, "This link is no longer valid");
			Page again = visitor.open(link);
			assertHeadline(again, "This link is no longer valid");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/track/x", "/track/6B02575BD3C6706D76D74E89", "/track/%3Cscript%3E" })
	void anAddressThatIsNoOrdersIsToldSo(String path) {
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), "ar-DZ")) {
			Page page = visitor.open(path);

			assertHeadline(page, "لا نجد هذا الطلب");
			visitor.assertAccessible();
			visitor.assertNoComplaints();
		}
	}

	@Test
	void aChosenLanguageIsRemembered() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = visitor.open("/track/x");
			assertHeadline(page, "cannot be found");

			page.locator("[data-language=ar]").press("Enter");
			assertHeadline(page, "لا نجد هذا الطلب");
			assertThat(page.locator("[data-language=ar]")).hasAttribute("aria-pressed", "true");
			page.reload();

			assertHeadline(page, "لا نجد هذا الطلب");
			assertThat(page.locator("html")).hasAttribute("dir", "rtl");
			visitor.assertNoComplaints();
		}
	}

	/** While the database is away the page keeps its ticket, and uses it later. */
	@Test
	void aTicketIsNotLostWhileThePageCannotBeRead() {
		String order = place();
		try (Visitor visitor = Visitor.onPhone(this.gateway.uri(), "en-GB")) {
			String link = link(order, false);
			execute("alter table callers_ticket rename to away");
			Page page = visitor.open(link);
			assertHeadline(page, "busy");

			execute("alter table away rename to callers_ticket");

			assertHeadline(page, WORKING);
		}
	}

	private static void assertHeadline(Page page, String text) {
		assertThat(page.locator("h1")).containsText(text, patience());
	}

	/** The browser itself waits up to five seconds before it comes back. */
	private static ContainsTextOptions patience() {
		return new ContainsTextOptions().setTimeout(GatewayUnderTest.patience().toMillis());
	}

	/** The gateway has sent it when this returns. */
	private String place() {
		String number = "0363%03d89".formatted(this.orders.incrementAndGet());
		return data(post("/v3/internet/send", Map.of("type", "ADSL", "number", number, "value", 1000))).path("topupId")
			.asString();
	}

	private void settle(String order, String status) {
		this.gateway.upstream().account("sim-key-1").settleRef("fg" + order, status);
	}

	private String link(String order, boolean card) {
		return data(post("/orders/" + order + "/tickets", Map.of("card", card))).path("page").asString();
	}

	private String card(String order) {
		String answer = this.gateway.client()
			.get()
			.uri("/orders/{id}/card", order)
			.retrieve()
			.bodyToMono(String.class)
			.block(GatewayUnderTest.patience());
		return data(answer).path("card_code").asString();
	}

	private String post(String path, Object body) {
		return this.gateway.client()
			.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.retrieve()
			.bodyToMono(String.class)
			.block(GatewayUnderTest.patience());
	}

	private void execute(String sql) {
		this.gateway.database().client().sql(sql).then().block(GatewayUnderTest.patience());
	}

	private static JsonNode data(String body) {
		return JSON.readTree(body).path("data");
	}

}
