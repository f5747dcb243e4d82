package dz.flexy.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.RawHttp.Reply;
import dz.flexy.gateway.Shot.Framing;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.http.HttpMethod;
import org.springframework.http.codec.ServerSentEvent;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** Reads of what there is not, and parameters out of range. */
class BadReadScenarioTest extends BadInputScenario {

	private static final Map<String, String> OTHER = Map.of("X-Access-Token", GatewayUnderTest.OTHER_KEY);

	@Test
	void answersTheSameOfUnknownAndOthersOrders() {
		for (String path : List.of("/v3/internet/check-id/%s", "/orders/%s", "/orders/%s/card", "/orders/%s/events")) {
			Answer anothers = get(path.formatted(this.order), OTHER);

			assertThatProblem(anothers).is(404, "NOT_FOUND").tellsQuota();
			for (String unknown : List.of("0123456789abcdef01234567", "x", "%00", "%F0%9F%98%80",
					this.order.toUpperCase(java.util.Locale.ROOT), this.order + "0", "..%2f", "%27")) {
				assertThat(withoutId(get(path.formatted(unknown), OTHER))).isEqualTo(withoutId(anothers));
			}
		}
	}

	@Test
	void cancelsNoOrderOfAnothers() {
		Answer anothers = exchange(HttpMethod.POST, "/orders/" + this.order + "/cancel", OTHER, NOTHING);
		Answer unknown = exchange(HttpMethod.POST, "/orders/0123456789abcdef01234567/cancel", OTHER, NOTHING);

		assertThatProblem(anothers).is(404, "NOT_FOUND");
		assertThat(withoutId(unknown)).isEqualTo(withoutId(anothers));
	}

	@Test
	void answersTheSameOfUnknownAndOthersRefs() {
		Answer anothers = get("/v3/internet/check-ref/first", OTHER);

		assertThatProblem(anothers).is(404, "NOT_FOUND");
		for (String unknown : List.of("nothing", "%00", "a%00b", "API-shop-first", "API-other-first", "API-", "API--",
				"%FF", "%F0%9F%98%80", "a%2Fb", "x".repeat(1000))) {
			assertThat(withoutId(get("/v3/internet/check-ref/" + unknown, OTHER))).isEqualTo(withoutId(anothers));
		}
	}

	@Test
	void refusesPagesOutOfRange() {
		for (String value : List.of("", "0", "-1", "x", "1.5", "1e2", "2147483648", "99999999999999999999", "%00")) {
			assertThatProblem(get("/v3/internet/list?page=" + value)).names("page");
			assertThatProblem(get("/v3/internet/list?pageSize=" + value)).names("pageSize");
			assertThatProblem(get("/orders?limit=" + value)).names("limit").tellsQuota().isHarmless();
		}
		assertThatProblem(get("/v3/internet/list?pageSize=101")).names("pageSize");
		assertThatProblem(get("/orders?limit=101")).names("limit");
		assertThat(get("/v3/internet/list?page=2147483647&pageSize=100").data().path("items").size()).isZero();
		assertThat(get("/v3/internet/list?page=1&pageSize=1").data().path("items").size()).isEqualTo(1);
	}

	@Test
	void refusesMalformedDates() {
		String good = "2025-10-29T00:35:58.710Z";
		assertThatProblem(get("/v3/internet/list?from=" + good)).names("to");
		assertThatProblem(get("/v3/internet/list?to=" + good)).names("from");
		for (String bad : List.of("", "x", "2025-10-29", "2025-13-01T00:00:00Z", "2025-02-30T00:00:00Z", "1761698158",
				"2025-10-29T00:35:58", "%00")) {
			assertThatProblem(get("/v3/internet/list?from=" + bad + "&to=" + good)).names("from");
			assertThatProblem(get("/v3/internet/list?from=" + good + "&to=" + bad)).names("to");
		}
	}

	@Test
	void standsDatesBeyondTheCalendar() {
		String early = "-999999999-01-01T00:00:00Z";
		String late = "%2B999999999-12-31T23:59:59Z";

		assertThat(get("/v3/internet/list?from=" + early + "&to=" + late).data().path("items").size()).isEqualTo(1);
		assertThat(get("/v3/internet/list?from=" + late + "&to=" + late).data().path("items").size()).isZero();
		assertThat(get("/v3/internet/list?from=" + early + "&to=" + early).data().path("items").size()).isZero();
	}

	@Test
	void refusesACursorThatWasNotGivenOut() {
		for (String cursor : List.of("", "x", "%00", "%23%23", "AAAA", cursor("2025-10-29T00:35:58Z"),
				cursor("x " + this.order), cursor("2025-10-29T00:35:58Z x"),
				cursor("+1000000000-12-31T23:59:59.999999999Z " + this.order),
				cursor("-1000000000-01-01T00:00:00Z " + this.order))) {
			assertThatProblem(get("/orders?cursor=" + cursor)).names("cursor");
		}
	}

	@Test
	void findsNothingByAFilterThatNothingMeets() {
		assertThat(get("/orders?ref=first").data().path("items").size()).isEqualTo(1);
		for (String value : List.of("", "nothing", "%FF", "'", "%F0%9F%98%80")) {
			assertThat(get("/orders?ref=" + value).data().path("items").size()).as(value).isZero();
			assertThat(get("/orders?state=" + value).data().path("items").size()).as(value).isZero();
		}
		assertThatProblem(get("/orders?ref=first%00")).names("ref");
	}

	@Test
	void refusesLookUpsOfAnotherType() {
		for (String type : List.of("", "adsl", "4g", "FTTH", "%00", "ADSL%20")) {
			assertThatProblem(get("/v3/internet/products?type=" + type)).names("type").isHarmless();
			assertThatProblem(get("/v3/internet/check-number?number=036362601&type=" + type)).names("type");
		}
		assertThatProblem(get("/v3/internet/products")).names("type");
		assertThatProblem(get("/v3/internet/check-number?number=036362601")).names("type");
		assertThatProblem(get("/v3/internet/check-number?type=ADSL")).names("number");
		assertThatProblem(get("/v3/internet/check-number?type=ADSL&number=213555123456")).is(400, "ERR_PHONE");
		assertThatProblem(get("/v3/internet/check-number?type=4G&number=036362601")).is(400, "ERR_PHONE");
	}

	@Test
	void resetsAReaderWhosePlaceIsUnknown() {
		for (String last : List.of("x", "-1", "1.5", "99", "999999999999999999", "9999999999999999999", "' or 1=1")) {
			List<ServerSentEvent<String>> events = this.gateway.events(this.order, last)
				.collectList()
				.block(GatewayUnderTest.patience());

			assertThat(events).as(last).singleElement().extracting(ServerSentEvent::event).isEqualTo("reset");
			assertThat(GatewayUnderTest.data(events.getFirst()).path("status").asString()).isEqualTo("FULFILLED");
			assertThat(this.gateway.stream(GatewayUnderTest.KEY, "/orders/events", last)
				.blockFirst(GatewayUnderTest.patience())
				.event()).as(last).isEqualTo("reset");
		}
	}

	/**
	 * What a proxy and the server behind it may read in two ways. A ticket of the board
	 * needs neither an id nor a body, so it is given away by every spelling that the
	 * filter and the router read alike.
	 */
	@TestFactory
	Stream<DynamicTest> findsNothingByAPathThatIsWrittenInAnotherWay() {
		return Stream
			.concat(RouteScopes.table().keySet().stream().filter(BadReadScenarioTest::isTwisted),
					Stream.of("GET /v3/internet/check-id/{}", "GET /v3/mobile/check-ref/{}", "GET /orders/{}",
							"GET /v3/bills/transactions/{}/receipt", "GET /v3/nothing"))
			.map((route) -> DynamicTest.dynamicTest(route, () -> twists(route.split(" ")[0], route.split(" ")[1])));
	}

	private static boolean isTwisted(String route) {
		return route.startsWith("POST ") && !route.equals("POST /orders/tickets");
	}

	private void twists(String method, String template) {
		Shots.twisted(template.replace("{}", "x")).forEach((path) -> {
			Shot shot = new Shot(method, path, "HTTP/1.1", GatewayUnderTest.KEY, List.of(), NOTHING, Framing.LENGTH);
			List<Reply> replies = new RawHttp(this.gateway.uri()).say(shot.bytes(), GatewayUnderTest.patience())
				.replies();

			assertThat(replies).as(path).isNotEmpty().allMatch((reply) -> reply.status() / 100 == 4);
		});
	}

	private static String cursor(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static String withoutId(Answer answer) {
		ObjectNode body = (ObjectNode) answer.body().deepCopy();
		body.remove("requestId");
		return answer.status() + " " + body;
	}

}
