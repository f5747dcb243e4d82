package dz.flexy.gateway;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dz.flexy.gateway.browser.BrowserTest;
import dz.flexy.gateway.browser.Visitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** The board as people use it, before the simulator and with the demo's form. */
@BrowserTest
@TestInstance(Lifecycle.PER_CLASS)
class BoardTest {

	private static final int LARGEST_PAGE = 200_000;

	/** An order whose number ends with 89 is that until it is settled. */
	private static final String IN_PROGRESS = "In progress";

	private GatewayUnderTest gateway;

	/** On a port that stays the same over restarts. */
	@BeforeAll
	void start() {
		this.gateway = GatewayUnderTest.start(Map.of("server.port", FreePort.next(), "spring.main.sources",
				DemoRoutes.class.getName(), DemoRoutes.KEY, GatewayUnderTest.KEY));
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@ParameterizedTest
	@CsvSource({ "ar-DZ, rtl, تم التسليم, مباشر", "fr-FR, ltr, Livrée, En direct", "en-GB, ltr, Delivered, Live" })
	void anOrderThatIsPlacedInThePageRunsToItsEnd(String locale, String direction, String delivered, String live) {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), locale)) {
			Page page = signIn(visitor);
			assertThat(page.locator("#connection")).hasText(live);
			assertThat(page.locator("html")).hasAttribute("dir", direction);
			for (String outcome : new String[] { "84", "83", "90", "97", "81", "82" }) {
				place(page, outcome);
			}

			Locator placed = rows(page).filter(new Locator.FilterOptions().setHasText("036362682")).first();
			assertThat(placed.locator(".state")).hasText(delivered);

			assertThat(page.locator(".account .rows li")).not().hasCount(0);
			visitor.assertAccessible();
			assertThat(visitor.picture("board-" + locale.substring(0, 2)).toFile()).isNotEmpty();
			visitor.assertNoComplaints();
			assertThat(visitor.bytes()).isLessThan(LARGEST_PAGE);
		}
	}

	/** It has more events where a send was begun anew. */
	@Test
	void opensTheHistoryByKeyboardAndClosesIt() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = signIn(visitor);
			place(page, "80");
			Locator open = rows(page).first().getByRole(AriaRole.BUTTON);
			assertThat(rows(page).first().locator(".state")).hasText("Delivered");
			int events = events(rows(page).first().getAttribute("data-order"));
			assertThat(events).isGreaterThanOrEqualTo(4);

			open.focus();
			page.keyboard().press("Enter");

			Locator history = page.getByRole(AriaRole.DIALOG);
			assertThat(history.locator(".events li")).hasCount(events);
			assertThat(history.locator(".events li").last()).containsText("FULFILLED");
			assertThat(history).containsText("036362680");
			visitor.assertAccessible();
			visitor.picture("board-history");
			page.keyboard().press("Escape");
			assertThat(history).isHidden();
			assertThat(open).isFocused();
			visitor.assertNoComplaints();
		}
	}

	@Test
	void aRowThatChangedBehindItsHistoryHasTheFocusAgain() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = signIn(visitor);
			String order = send("036371289", "behind");
			Locator row = rows(page).filter(new Locator.FilterOptions().setHasText("behind"));
			assertThat(row.locator(".state")).hasText(IN_PROGRESS);
			row.getByRole(AriaRole.BUTTON).focus();
			page.keyboard().press("Enter");
			Locator history = page.getByRole(AriaRole.DIALOG);
			assertThat(history).isVisible();

			settle(order);
			assertThat(row.locator(".state")).hasText("Delivered");
			page.keyboard().press("Escape");

			assertThat(history).isHidden();
			assertThat(page.locator("tr[data-order='" + order + "'] button")).isFocused();
		}
	}

	@Test
	void filtersAndSearchesAndFollowsWhatIsFound() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = signIn(visitor);
			String delivered = send("036371180", "filter-a");
			String refunded = send("036371283", "filter-b");
			this.gateway.end(delivered).then(this.gateway.end(refunded)).block(GatewayUnderTest.patience());

			page.locator("#filter-search").fill("036371180");
			assertThat(rows(page)).hasCount(1);
			assertThat(rows(page).first()).containsText("filter-a");
			page.locator("#filter-search").fill("filter-b");
			assertThat(rows(page).first()).containsText("036371283");
			assertThat(rows(page)).hasCount(1);
			page.locator("#filter-search").fill("no such thing");
			assertThat(page.locator("#orders-empty")).hasText("No order fits.");
			page.locator("#filter-search").fill("");
			page.locator("#filter-state").selectOption("REFUNDED");
			assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("filter-b"))).hasCount(1);
			assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("filter-a"))).hasCount(0);

			page.locator("#filter-state").selectOption("open");
			assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("filter-b"))).hasCount(0);
			String passing = send("036371389", "filter-c");
			Locator row = rows(page).filter(new Locator.FilterOptions().setHasText("filter-c"));
			assertThat(row.locator(".state")).hasText(IN_PROGRESS);
			settle(passing);
			assertThat(row).hasCount(0);
			visitor.assertNoComplaints();
		}
	}

	@Test
	void comesBackByItselfAfterARestart() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = signIn(visitor);
			page.evaluate("window.notReloaded = true");

			this.gateway.stop();
			assertThat(page.locator("#connection")).containsText("Connection lost");
			this.gateway.restart();
			send("036371480", "after-restart");

			assertThat(page.locator("#connection")).hasText("Live");
			assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("after-restart"))).hasCount(1);
			assertThat(page.evaluate("window.notReloaded")).isEqualTo(true);
		}
	}

	@Test
	void aWrongKeyIsToldInWords() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "fr-FR")) {
			Page page = visitor.open("/");
			page.locator("#key").fill("not-a-key");
			page.keyboard().press("Enter");

			assertThat(page.getByRole(AriaRole.ALERT)).hasText("La passerelle ne connaît pas cette clé.");
			assertThat(page.locator("#key")).hasValue("");
			assertThat(page.locator("#board")).isHidden();
			assertThat(visitor.context().cookies()).isEmpty();
			visitor.assertAccessible();
		}
	}

	@Test
	void whoTypesAlreadyKeepsTheFocus() {
		AtomicReference<Route> held = new AtomicReference<>();
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			visitor.page().route("**/console/demo", held::set);
			Page page = visitor.open("/");
			page.waitForCondition(() -> held.get() != null);
			page.locator("#key").fill("typed before the demo was found");

			held.get().resume();

			assertThat(page.locator("#demo-sign-in")).isVisible();
			assertThat(page.locator("#key")).isFocused();
		}
	}

	@Test
	void aLinkWithATicketSignsInAndLeavesNoTrace() {
		String link = this.gateway.post("/orders/tickets", Map.of())
			.block(GatewayUnderTest.patience())
			.data()
			.path("page")
			.asString();
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = visitor.open(link);

			assertThat(page.locator("#who")).containsText("shop");
			assertThat(page).hasURL(this.gateway.uri() + "/");
			visitor.assertNoComplaints();
			page.reload();
			assertThat(page.locator("#connection")).hasText("Live");
		}
	}

	@Test
	void signingOutEndsEveryTab() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = signIn(visitor);
			Page other = visitor.context().newPage();
			other.navigate(this.gateway.uri() + "/");
			assertThat(other.locator("#connection")).hasText("Live");

			page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Sign out")).click();

			assertThat(page.locator("#sign-in-problem")).hasText("You are signed out.");
			assertThat(visitor.context().cookies()).isEmpty();
			assertThat(other.locator("#sign-in-problem")).hasText("The session is over. Please sign in again.");
			assertThat(other.locator("#orders-rows tr")).hasCount(0);
		}
	}

	@Test
	void aSignOutThatFailedIsNotCalledOne() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = signIn(visitor);
			page.route("**/orders/sign-out", BoardTest::refuse);
			Locator signOut = page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Sign out"));

			signOut.click();

			assertThat(page.locator("#sign-out-problem")).containsText("you are still signed in");
			assertThat(page.locator("#board")).isVisible();
			page.unroute("**/orders/sign-out");
			signOut.click();
			assertThat(page.locator("#sign-in-problem")).hasText("You are signed out.");
			assertThat(page.locator("#sign-out-problem")).isHidden();
		}
	}

	/** The stream was away while the order ended, and the first look after it fails. */
	@Test
	void anOrderThatEndedUnseenIsNotOpenAnyMore() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			visitor.context().addInitScript("delete AbortSignal.timeout");
			Page page = signIn(visitor);
			page.locator("#filter-state").selectOption("open");
			String unseen = send("036371589", "unseen");
			Locator row = rows(page).filter(new Locator.FilterOptions().setHasText("unseen"));
			assertThat(row.locator(".state")).hasText(IN_PROGRESS);

			show(page, false);
			settle(unseen);
			this.gateway.end(unseen).block(GatewayUnderTest.patience());
			AtomicInteger asked = new AtomicInteger();
			page.route((url) -> url.contains("/orders?"), (route) -> {
				if (asked.getAndIncrement() == 0) {
					refuse(route);
				}
				else {
					route.resume();
				}
			});
			show(page, true);

			page.waitForCondition(() -> asked.get() > 1);
			assertThat(row).hasCount(0);
			assertThat(page.locator("#connection")).hasText("Live");
			assertThat(page.locator("#orders-note")).isEmpty();
		}
	}

	@Test
	void aStateThatCallersDoNotSeeMovesTheRow() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			visitor.context().addInitScript("""
					window.sources = [];
					window.EventSource = class extends EventSource {
						constructor(url) {
							super(url);
							sources.push(this);
						}
					};""");
			Page page = signIn(visitor);
			String order = send("036371683", "states");
			this.gateway.end(order).block(GatewayUnderTest.patience());
			Locator state = rows(page).filter(new Locator.FilterOptions().setHasText("states")).locator(".state");
			assertThat(state).hasText("Refunded");
			// A look that is still to come would show what the ledger says.
			page.route((url) -> url.contains("/orders?"), (route) -> {
			});

			tell(page, order, "SEND_UNKNOWN", "2099-01-01T00:00:01.000Z");
			tell(page, order, "SENDING", "2099-01-01T00:00:00.000Z");

			assertThat(state).hasText("Unclear, looking");
			tell(page, order, "HANDLING", "2099-01-01T00:00:02.000Z");
			assertThat(state).hasText(IN_PROGRESS);
			visitor.assertNoComplaints();
		}
	}

	@Test
	void aReloadWhileTheGatewayIsAwayKeepsTheSession() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = signIn(visitor);
			page.route("**/console/session", BoardTest::refuse);

			page.reload();

			assertThat(page.getByRole(AriaRole.ALERT).first()).containsText("Trying again by itself");
			page.unroute("**/console/session");
			assertThat(page.locator("#connection")).hasText("Live");
		}
	}

	@Test
	void aBrowserThatKeepsNoCookieIsToldWhatHelps() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = visitor.open("/");
			page.route((url) -> url.contains("/?ticket="), (route) -> route.fulfill());

			page.locator("#demo-sign-in").click();

			assertThat(page.locator("#sign-in-problem")).containsText("Use HTTPS, or localhost");
			assertThat(page.locator("#board")).isHidden();
		}
	}

	@Test
	void fitsAPhoneAndTheNight() {
		try (Visitor phone = Visitor.onPhone(this.gateway.uri(), "ar-DZ");
				Visitor night = Visitor.atNight(this.gateway.uri(), "fr-FR")) {
			Page page = signIn(phone);
			assertThat(page.locator(".account .lanes tbody tr")).hasCount(5);

			assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).isEqualTo(true);
			phone.assertAccessible();
			phone.picture("board-phone");
			Page dark = signIn(night);
			place(dark, "81");
			assertThat(dark.locator(".account .lanes tbody tr")).hasCount(5);
			night.assertAccessible();
			night.picture("board-night");
		}
	}

	@Test
	void anOldLinkIsToldInWords() {
		try (Visitor visitor = Visitor.atDesk(this.gateway.uri(), "en-GB")) {
			Page page = visitor.open("/?ticket=used-already");

			assertThat(page.getByRole(AriaRole.ALERT))
				.hasText("This link was used already or is too old. Sign in with a key.");
		}
	}

	private static void refuse(Route route) {
		route.fulfill(new Route.FulfillOptions().setStatus(503)
			.setHeaders(Map.of("Retry-After", "1"))
			.setContentType("application/json")
			.setBody("{\"success\":false,\"error\":{\"code\":\"STORE_UNAVAILABLE\",\"message\":\"away\"}}"));
	}

	/** As a browser does with a tab behind another one. */
	private static void show(Page page, boolean shown) {
		page.evaluate("""
				(hidden) => {
					Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
					document.dispatchEvent(new Event("visibilitychange"));
				}""", !shown);
	}

	private static void tell(Page page, String order, String state, String at) {
		page.evaluate("""
				(event) => sources.findLast(({ url }) => url.includes("/orders/events?states=true"))
					.dispatchEvent(new MessageEvent("state", { data: JSON.stringify(event) }))""",
				Map.of("orderId", order, "state", state, "status", "HANDLING", "final", false, "at", at));
	}

	private static Page signIn(Visitor visitor) {
		Page page = visitor.open("/");
		page.locator("#demo-sign-in").click();
		assertThat(page.locator("#connection.live")).isVisible();
		return page;
	}

	private static void place(Page page, String outcome) {
		page.locator("#demo-outcome").selectOption(outcome);
		page.locator("#demo-form button").click();
		assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("0363626" + outcome))).not().hasCount(0);
	}

	private static Locator rows(Page page) {
		return page.locator("#orders-rows tr");
	}

	private void settle(String order) {
		this.gateway.upstream().account("sim-key-1").settleRef("fg" + order, "FULFILLED");
	}

	private int events(String order) {
		return this.gateway.get("/orders/{id}", order).block(GatewayUnderTest.patience()).data().path("events").size();
	}

	private String send(String number, String ref) {
		return this.gateway
			.send(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref),
					Map.of("Prefer", "respond-async"))
			.block(GatewayUnderTest.patience())
			.topupId();
	}

}
