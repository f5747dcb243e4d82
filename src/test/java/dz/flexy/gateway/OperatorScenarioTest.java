package dz.flexy.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedGiftOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** What operators see and move, over both ports. */
class OperatorScenarioTest extends OperatorScenario {

	private static final int AT_ONCE = 8;

	/** Orders of a minute's age are found late here, and the next would be waited for. */
	@AfterEach
	void mend() {
		this.gateway.upstream().faults().clear();
		execute("delete from dispatch_delay");
	}

	@Test
	void eachPathOfOperatorsSaysSo() {
		assertThat(ServedRoutes.of(this.gateway.managementBean("operatorPaths", RouterFunction.class)))
			.isEqualTo(RouteScopes.OPERATORS);
	}

	@TestFactory
	Stream<DynamicTest> onlyOperatorsOnTheManagementPort() {
		return RouteScopes.OPERATORS.stream().map((route) -> DynamicTest.dynamicTest(route, () -> {
			HttpMethod method = HttpMethod.valueOf(route.substring(0, route.indexOf(' ')));
			String path = route.substring(route.indexOf(' ') + 1).replace("{}", "x");

			assertThatProblem(answer(method, path, "")).is(401, "MISSING_ACCESS_TOKEN").isHarmless();
			assertThatProblem(answer(method, path, GatewayUnderTest.KEY)).is(403, "INSUFFICIENT_SCOPE").tellsQuota();
			String callers = this.gateway.uri().toString();
			assertThatProblem(ask(callers, method, path, BOSS, Map.of()).block(GatewayUnderTest.patience())).is(404,
					"NOT_FOUND");
			assertThat(ask(callers, method, path, "", Map.of()).block(GatewayUnderTest.patience()).status())
				.isEqualTo(401);
		}));
	}

	/** Its context sees the routes of the other port as well. */
	@TestFactory
	Stream<DynamicTest> theManagementPortKnowsItsOwnPathsOnly() {
		return Stream.of("/v3/validate", "/v3/ping", "/orders", "/orders/events", "/docs", "/openapi.yaml", "/")
			.map((path) -> DynamicTest.dynamicTest(path,
					() -> assertThatProblem(answer(HttpMethod.GET, path, GatewayUnderTest.KEY)).is(404, "NOT_FOUND")));
	}

	@Test
	void tellsWhoShowsUnknownKeysWhatIsLeft() {
		Answer refused = answer(HttpMethod.GET, "/operator/orders", "nobody's");

		assertThatProblem(refused).is(401, "INVALID_ACCESS_TOKEN");
		assertThat(refused.body().at("/error/details/attemptsLeft").isNumber()).isTrue();
	}

	/** Whatever a setting exposes besides is for operators. */
	@Test
	void probesNeedNoKeyAndTheRestOfTheActuatorDoes() {
		for (String open : List.of("/actuator/health/readiness", "/actuator/prometheus", "/actuator/breakers")) {
			assertThat(answer(HttpMethod.GET, open, "").status()).as(open).isEqualTo(200);
		}
		for (String closed : List.of("/actuator/env", "/actuator/heapdump", "/actuator/shutdown", "/operator")) {
			assertThatProblem(answer(HttpMethod.GET, closed, "")).is(401, "MISSING_ACCESS_TOKEN");
			assertThatProblem(answer(HttpMethod.GET, closed, GatewayUnderTest.KEY)).is(403, "INSUFFICIENT_SCOPE");
			assertThat(answer(HttpMethod.GET, closed, BOSS).status()).as(closed).isEqualTo(404);
		}
	}

	@Test
	void listsWhatIsUnsettledPageByPage() {
		String flagged = row(NUMBER, "HANDLING", "flag = 'open for 72 h', upstream_id = 'u1', account = 'paged'");
		String unknown = row(NUMBER, "SEND_UNKNOWN", "account = 'paged', accepted_at = now() - interval '6 minutes'");
		String old = row(NUMBER, "HANDLING", "account = 'paged', accepted_at = now() - interval '61 minutes'");
		row(NUMBER, "HANDLING", "account = 'paged'");
		String unread = row(NUMBER, "FULFILLED",
				"account = 'paged', flag = 'delivered without a card code', final_at = now(), accepted_at = now() - interval '2 days'");
		row(NUMBER, "FULFILLED", "account = 'paged', final_at = now(), accepted_at = now() - interval '2 days'");

		JsonNode first = seen("/operator/orders?unsettled=true&account=paged&limit=3");
		JsonNode second = seen("/operator/orders?account=paged&limit=3&cursor=" + first.path("nextCursor").asString());

		assertThat(first.path("items").findValuesAsString("orderId")).containsExactly(flagged, unknown, old);
		assertThat(second.path("items").findValuesAsString("orderId")).containsExactly(unread);
		assertThat(second.has("nextCursor")).isFalse();
		assertThat(seen("/operator/orders?account=paged&flagged=true&state=HANDLING&family=internet").path("items")
			.findValuesAsString("orderId")).containsExactly(flagged);
		assertThat(seen("/operator/orders?account=paged&flagged=false").path("items").findValuesAsString("orderId"))
			.containsExactly(unknown, old);
		assertThat(seen("/operator/orders?account=paged&family=mobile").path("items").isEmpty()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "unsettled, false", "family, cards", "state, LOST", "flagged, perhaps", "limit, 0", "limit, 101",
			"cursor, x", "cursor, YSBi" })
	void badFiltersNameTheirField(String field, String value) {
		assertThatProblem(answer(HttpMethod.GET, "/operator/orders?" + field + "=" + value, BOSS)).names(field);
	}

	@Test
	void showsWhatCallersDoNotSee() {
		String id = unknown();
		move(id, "mark-not-created");

		JsonNode seen = seen("/operator/orders/" + id);

		assertThat(seen.path("caller").asString()).isEqualTo("shop");
		assertThat(seen.path("number").asString()).isEqualTo(NUMBER);
		assertThat(seen.path("upstreamRef").asString()).isEqualTo("fg" + id);
		assertThat(seen.path("events").findValuesAsString("state")).containsExactly("SEND_UNKNOWN", "REJECTED");
		assertThat(seen.path("events").get(1).path("previousState").asString()).isEqualTo("SEND_UNKNOWN");
		assertThat(seen.path("moves")).singleElement().satisfies((move) -> {
			assertThat(move.path("who").asString()).isEqualTo("boss");
			assertThat(move.path("move").asString()).isEqualTo("mark-not-created");
			assertThat(move.path("reason").asString()).isEqualTo("asked support, ticket 17");
			assertThat(move.path("requestId").asString()).startsWith("req_");
			assertThat(move.path("outcome").asString()).isEqualTo("DONE");
		});
		assertThatProblem(answer(HttpMethod.GET, "/operator/orders/nothing", BOSS)).is(404, "NOT_FOUND");
		assertThatProblem(answer(HttpMethod.GET, "/operator/orders/" + "f".repeat(24), BOSS)).is(404, "NOT_FOUND");
	}

	@ParameterizedTest
	@ValueSource(strings = { "look-again", "adopt", "mark-not-created", "allow-send" })
	void eachMoveNeedsAReason(String move) {
		String id = unknown();

		for (Object reason : List.of("", "  no  ", 17, "x".repeat(501), "two\nlines")) {
			assertThatProblem(
					moving(id, move, Map.of("reason", reason, "upstreamId", "x")).block(GatewayUnderTest.patience()))
				.names("reason");
		}
		assertThatProblem(moving("f".repeat(24), move, Map.of("upstreamId", "x")).block(GatewayUnderTest.patience()))
			.is(404, "NOT_FOUND");
		assertThat(state(id)).isEqualTo("SEND_UNKNOWN");
	}

	@Test
	void allowsOneMoreSendBeyondThreeAndTheDeadline() {
		String id = unknown();

		Answer allowed = move(id, "allow-send");

		assertThat(allowed.status()).as("%s", allowed.body()).isEqualTo(200);
		assertThat(allowed.data().path("sends").asInt()).isEqualTo(4);
		assertThat(allowed.data().path("moves").findValuesAsString("outcome")).containsExactly("DONE");
		assertThat(end(id).path("state").asString()).isEqualTo("FULFILLED");
		assertThat(sends(id)).isOne();
		assertThatProblem(move(id, "allow-send")).is(409, "MOVE_REFUSED").isHarmless();
		assertThat(sends(id)).isOne();
		assertThat(seen("/operator/orders/" + id).path("moves").findValuesAsString("outcome")).hasSize(2)
			.last()
			.asString()
			.startsWith("MOVE_REFUSED: ");
	}

	/** Eight operators press at once, while settling is told to look as well. */
	@Test
	void ofManyAllowancesAtOnceOneSends() {
		String id = unknown();

		List<Answer> answers = Flux.range(0, AT_ONCE)
			.flatMap((operator) -> moving(id, (operator == 3) ? "look-again" : "allow-send", Map.of())
				.subscribeOn(Schedulers.parallel()), AT_ONCE)
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(answers).extracting(Answer::status).containsOnly(200, 409);
		assertThat(read(
				"select count(*) from operator_move where move = 'allow-send' and outcome = 'DONE' and order_id = '"
						+ id + "'",
				Long.class))
			.isLessThanOrEqualTo(1);
		move(id, "allow-send");
		assertThat(end(id).path("state").asString()).isIn("FULFILLED", "REJECTED");
		assertThat(sends(id)).isLessThanOrEqualTo(1);
	}

	@Test
	void ofManyAllowancesAtOnceOneSucceeds() {
		String id = unknown();

		List<Answer> answers = Flux.range(0, AT_ONCE)
			.flatMap((operator) -> moving(id, "allow-send", Map.of()).subscribeOn(Schedulers.parallel()), AT_ONCE)
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(answers).filteredOn((answer) -> answer.status() == 200).hasSize(1);
		assertThat(answers).filteredOn((answer) -> answer.status() == 409).hasSize(AT_ONCE - 1);
		assertThat(end(id).path("state").asString()).isEqualTo("FULFILLED");
		assertThat(sends(id)).isOne();
	}

	@Test
	void marksNothingThatTheUpstreamShows() {
		String id = unknown();
		buyTopup(NUMBER, "fg" + id);

		assertThatProblem(move(id, "mark-not-created")).is(409, "MOVE_REFUSED");

		assertThat(end(id).path("state").asString()).isEqualTo("FULFILLED");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			send_by = now() + interval '1 hour'
			arrived = true
			upstream_id = 'known'
			state = 'SENDING'
			state = 'HANDLING', upstream_id = 'known'
			state = 'REJECTED', final_at = now()
			""")
	void allowsNoSendThatMayBeASecond(String assignments) {
		String id = row(NUMBER, "SEND_UNKNOWN", assignments);

		assertThatProblem(move(id, "allow-send")).is(409, "MOVE_REFUSED").isHarmless();

		assertThat(sends(id)).isZero();
	}

	@Test
	void allowsNoSendOfWhatTheUpstreamHas() {
		String id = unknown();
		buyTopup(NUMBER, "fg" + id);

		Answer refused = move(id, "allow-send");

		assertThatProblem(refused).is(409, "MOVE_REFUSED");
		assertThat(end(id).path("state").asString()).isEqualTo("FULFILLED");
		assertThat(sends(id)).isOne();
	}

	/** The upstream was slow for long before, so the gap is not over while this runs. */
	@ParameterizedTest
	@ValueSource(strings = { "absences = 0, absent_at = null", "absent_at = now()" })
	void allowsNoSendBeforeALookHasMissedIt(String assignments) {
		execute("insert into dispatch_delay (account, family, longest) values ('main', 'internet', '1 hour')");
		String id = row(NUMBER, "SEND_UNKNOWN", assignments);

		assertThatProblem(move(id, "allow-send")).is(409, "MOVE_REFUSED").isHarmless();

		assertThat(sends(id)).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "list", "check-ref" })
	void allowsNoSendUnlessListAndRefBothSayThatItIsAbsent(String word) {
		String id = unknown();
		this.gateway.upstream().faults().next(Fault.truncatedJson(), RequestMatch.onWord(word)).always();

		assertThatProblem(move(id, "allow-send")).is(503, "UPSTREAM_UNAVAILABLE").isHarmless();

		assertThat(sends(id)).isZero();
		assertThat(state(id)).isEqualTo("SEND_UNKNOWN");
	}

	/** Given up like any other once it is absent again; nothing sends it a third time. */
	@Test
	void whatIsLostAgainIsLookedUpAndGivenUp() {
		String id = row("036362680", "SEND_UNKNOWN", "");
		this.gateway.upstream()
			.faults()
			.next(Fault.cutBeforeCommit(), RequestMatch.onSend().and(RequestMatch.onNumber("036362680")));

		Answer allowed = move(id, "allow-send");

		assertThat(allowed.data().path("state").asString()).as("%s", allowed.body()).isEqualTo("SEND_UNKNOWN");
		assertThatProblem(move(id, "allow-send")).is(409, "MOVE_REFUSED");
		assertThat(end(id).path("state").asString()).isEqualTo("REJECTED");
		assertThat(this.gateway.upstream()
			.requests()
			.count((request) -> request.ref().equals("fg" + id) && request.body().contains("036362680"))).isOne();
	}

	@Test
	void allowsGiftCardsOnTheOperatorsWordAndOneAtATime() {
		String looked = giftCards("type_001", "candidates = null");
		String second = giftCards("type_001", "");
		assertThatProblem(move(looked, "allow-send")).is(409, "MOVE_REFUSED");
		String first = giftCards("type_001", "in_lane = true");

		assertThatProblem(move(second, "allow-send")).is(409, "MOVE_REFUSED");
		assertThat(state(second)).isEqualTo("SEND_UNKNOWN");
		assertThat(bought("type_001")).isZero();

		set(first, "in_lane = false");
		assertThat(move(second, "allow-send").status()).isEqualTo(200);
		assertThat(end(second).path("state").asString()).isEqualTo("FULFILLED");
		assertThat(bought("type_001")).isOne();
	}

	/** What was found after the first send says nothing of the second. */
	@Test
	void giftCardsThatAreLostAgainAreLookedForAgain() {
		String id = giftCards("type_002", "");
		this.gateway.upstream().faults().next(Fault.answerLost(), RequestMatch.onRoute("/v3/gift-cards/placeOrder"));

		assertThat(move(id, "allow-send").data().path("state").asString()).isEqualTo("SEND_UNKNOWN");
		JsonNode candidates = Flux.defer(() -> Flux.just(seen("/operator/orders/" + id).path("candidates")))
			.subscribeOn(Schedulers.boundedElastic())
			.repeatWhen((again) -> again.delayElements(Duration.ofMillis(100)))
			.filter((fixed) -> fixed.size() == 1)
			.blockFirst(GatewayUnderTest.patience());

		assertThat(bought("type_002")).isOne();
		Answer adopted = moving(id, "adopt", Map.of("upstreamId", candidates.get(0).asString()))
			.block(GatewayUnderTest.patience());
		assertThat(adopted.status()).as("%s", adopted.body()).isEqualTo(200);
		assertThat(end(id).path("state").asString()).isEqualTo("FULFILLED");
	}

	/** Its first send may have acted, so a 429 to the second ends nothing. */
	@Test
	void giftCardsThatAreTurnedAwayStayUnclear() {
		String id = giftCards("SIM_CARDS_LATE", "");
		this.gateway.upstream()
			.faults()
			.next(Fault.authUnavailable(), RequestMatch.onRoute("/v3/gift-cards/placeOrder"));

		Answer allowed = move(id, "allow-send");

		assertThat(allowed.data().path("state").asString()).as("%s", allowed.body()).isEqualTo("SEND_UNKNOWN");
		assertThat(allowed.data().path("sends").asInt()).isOne();
		assertThat(bought("SIM_CARDS_LATE")).isZero();
	}

	@Test
	void marksWhatWasNeverMade() {
		String id = row(NUMBER, "SEND_UNKNOWN", "flag = 'unknown for 10 min'");

		Answer marked = move(id, "mark-not-created");

		assertThat(marked.data().path("state").asString()).as("%s", marked.body()).isEqualTo("REJECTED");
		assertThat(marked.data().path("code").asString()).isEqualTo("SEND_FAILED");
		assertThat(marked.data().has("attention")).isFalse();
		assertThatProblem(move(id, "mark-not-created")).is(409, "MOVE_REFUSED");
		assertThat(marked.body().toString()).contains("ticket 17");
		assertThat(this.gateway.get("/orders/{id}", id).block(GatewayUnderTest.patience()).body().toString())
			.doesNotContain("ticket 17");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			send_by = now() + interval '1 hour'
			arrived = true
			upstream_id = 'known'
			state = 'SENDING'
			state = 'HANDLING', upstream_id = 'known'
			state = 'FULFILLED', final_at = now()
			""")
	void marksNothingThatMayHaveBeenMade(String assignments) {
		String id = row(NUMBER, "SEND_UNKNOWN", assignments);
		String before = state(id);

		assertThatProblem(move(id, "mark-not-created")).is(409, "MOVE_REFUSED");

		assertThat(state(id)).isEqualTo(before);
	}

	@Test
	void marksGiftCardsOnlyOnceTheyWereLookedFor() {
		String id = giftCards("type_003", "candidates = null");

		assertThatProblem(move(id, "mark-not-created")).is(409, "MOVE_REFUSED");
		set(id, "candidates = ''");

		assertThat(move(id, "mark-not-created").data().path("state").asString()).isEqualTo("REJECTED");
	}

	@Test
	void adoptsAnOrderWithItsCard() {
		String id = row(NUMBER, "SEND_UNKNOWN", "flag = 'unknown for 10 min'");
		String upstreamId = buyTopup(NUMBER, "fg" + id);
		this.gateway.upstream().account("sim-key-1").settle(upstreamId, "FULFILLED");

		Answer adopted = adopt(id, upstreamId);

		assertThat(adopted.data().path("state").asString()).as("%s", adopted.body()).isEqualTo("FULFILLED");
		assertThat(adopted.data().path("upstreamId").asString()).isEqualTo(upstreamId);
		JsonNode card = this.gateway.get("/orders/{id}/card", id).block(GatewayUnderTest.patience()).data();
		assertThat(card.path("card_code").asString()).isNotEmpty();
		assertThat(adopted.body().toString()).doesNotContain(card.path("card_code").asString());
		assertThat(adopted.data().path("moves").get(0).path("arguments").asString()).contains(upstreamId);
	}

	@Test
	void followsWhatItAdoptedToTheEnd() {
		String id = row("036362683", "SEND_UNKNOWN", "");
		String upstreamId = buyTopup("036362683", "fg" + id);

		assertThat(adopt(id, upstreamId).status()).isEqualTo(200);

		assertThat(end(id).path("state").asString()).isEqualTo("REFUNDED");
	}

	@Test
	void adoptingCorrectsWhatWasFinal() {
		String id = unknown();
		move(id, "mark-not-created");
		String upstreamId = buyTopup(NUMBER, "fg" + id);
		assertThat(adopt(id, "unheard-of").status()).isEqualTo(409);
		this.gateway.upstream().account("sim-key-1").settle(upstreamId, "HANDLING");
		assertThatProblem(adopt(id, upstreamId)).is(409, "MOVE_REFUSED");
		this.gateway.upstream().account("sim-key-1").settle(upstreamId, "FULFILLED");

		JsonNode corrected = adopt(id, upstreamId).data();

		assertThat(corrected.path("state").asString()).isEqualTo("FULFILLED");
		assertThat(corrected.path("events").valueStream().toList()).last()
			.satisfies((event) -> assertThat(event.path("correction").booleanValue()).isTrue());
	}

	@Test
	void adoptsNothingThatDiffers() {
		String id = unknown();
		String another = buyTopup("036362682", "somebody-elses");

		Answer refused = adopt(id, another);

		assertThatProblem(refused).is(409, "MOVE_REFUSED");
		assertThat(refused.body().at("/error/details/differences").propertyNames()).containsExactlyInAnyOrder("number",
				"ref");
		assertThat(refused.body().at("/error/details/differences/number/upstream").asString()).isEqualTo("036362682");
		assertThat(state(id)).isEqualTo("SEND_UNKNOWN");
		assertThatProblem(adopt(row(NUMBER, "SENDING", ""), another)).is(409, "MOVE_REFUSED");
		assertThatProblem(moving(id, "adopt", Map.of("upstreamId", "../x")).block(GatewayUnderTest.patience()))
			.names("upstreamId");
		assertThatProblem(moving(id, "adopt", Map.of()).block(GatewayUnderTest.patience())).names("upstreamId");
	}

	@Test
	void noTwoOrdersAdoptTheSame() {
		String upstreamId = buyCards("SIM_AT_ONCE");
		List<String> alike = Stream.generate(() -> giftCards("SIM_AT_ONCE", "")).limit(4).toList();

		List<Answer> answers = Flux.fromIterable(alike)
			.flatMap((id) -> moving(id, "adopt", Map.of("upstreamId", upstreamId)).subscribeOn(Schedulers.parallel()))
			.collectList()
			.block(GatewayUnderTest.patience());

		assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 409, 409, 409);
		assertThat(read("select count(*) from orders_order where upstream_id = '" + upstreamId + "'", Long.class))
			.isOne();
	}

	@Test
	void looksAgainAtOnce() {
		String id = row(NUMBER, "SEND_UNKNOWN", "flag = 'unknown for 10 min'");

		Answer looked = move(id, "look-again");

		assertThat(looked.data().path("attention").asString()).isEqualTo("unknown for 10 min");
		assertThat(end(id).path("state").asString()).isEqualTo("REJECTED");
		assertThat(sends(id)).isZero();
		assertThatProblem(move(id, "look-again")).is(409, "MOVE_REFUSED");
		assertThatProblem(move(row(NUMBER, "SENDING", ""), "look-again")).is(409, "MOVE_REFUSED");
	}

	@Test
	void looksAgainForGiftCardsAndAdoptsNone() {
		String id = giftCards("SIM_STUCK",
				"sent_at = now() - interval '11 seconds', send_by = now() - interval '10 seconds'");
		String upstreamId = buyCards("SIM_STUCK");

		Answer looked = move(id, "look-again");

		assertThat(looked.data().path("candidates").valueStream().map(JsonNode::asString)).as("%s", looked.body())
			.containsExactly(upstreamId);
		assertThat(state(id)).isEqualTo("SEND_UNKNOWN");
	}

	@Test
	void takesAPersonsWordForLostPayments() {
		String id = payment("UNKNOWN", "a");
		String other = payment("UNKNOWN", "b");
		String answered = payment("ANSWERED", "c");

		JsonNode first = seen("/operator/payments?limit=1");
		JsonNode second = seen("/operator/payments?limit=1&cursor=" + first.path("nextCursor").asString());
		assertThat(Stream.of(first, second).map((page) -> page.at("/items/0/paymentId").asString()))
			.containsExactly(other, id);

		Answer paid = decide(id, "mark-paid");
		assertThat(paid.data().path("state").asString()).as("%s", paid.body()).isEqualTo("PAID");
		assertThat(paid.data().path("moves").findValuesAsString("outcome")).containsExactly("DONE");
		assertThatProblem(decide(id, "mark-not-paid")).is(409, "MOVE_REFUSED");
		assertThat(decide(other, "mark-not-paid").data().path("state").asString()).isEqualTo("NOT_PAID");
		assertThatProblem(decide(answered, "mark-paid")).is(409, "MOVE_REFUSED");
		assertThatProblem(decide("f".repeat(24), "mark-paid")).is(404, "NOT_FOUND");
		assertThat(seen("/operator/payments").path("items").isEmpty()).isTrue();
		assertThat(seen("/operator/payments/" + id).path("moves").size()).isEqualTo(2);
		assertThatProblem(answer(HttpMethod.GET, "/operator/payments?cursor=x", BOSS)).names("cursor");
	}

	private String payment(String state, String digit) {
		String id = digit.repeat(24);
		execute("""
				insert into passthrough_payment (id, account, caller, route, digest, request_id, overdue_at, state)
				values ('%s', 'main', 'shop', 'bills.pay', 'd', 'req_1_a', now(), '%s')""".formatted(id, state));
		return id;
	}

	private Answer decide(String id, String move) {
		return post("/operator/payments/" + id + "/" + move, Map.of()).block(GatewayUnderTest.patience());
	}

	/** The second replica has both ports in one. */
	@Test
	void stopsSendsOnEveryReplicaWhileFollowingGoesOn() {
		int port = FreePort.next();
		try (GatewayUnderTest second = this.gateway
			.another(with(settings(), Map.of("server.port", port, "management.server.port", port)))) {
			assertThatProblem(asked(second, "")).is(401, "MISSING_ACCESS_TOKEN");
			assertThatProblem(asked(second, GatewayUnderTest.KEY)).is(403, "INSUFFICIENT_SCOPE");
			assertThat(asked(second, BOSS).data().path("items").get(0).has("sendStop")).isFalse();

			JsonNode stopped = change("stop-sends").data();

			assertThat(stopped.path("sendStop").path("reason").asString()).isEqualTo("asked support, ticket 17");
			assertThatProblem(change("stop-sends")).is(409, "MOVE_REFUSED");
			Flux.defer(() -> ask(second, HttpMethod.GET, "/operator/accounts", BOSS, null))
				.repeatWhen((again) -> again.delayElements(Duration.ofMillis(50)))
				.filter((answer) -> answer.data().path("items").get(0).has("sendStop"))
				.blockFirst(GatewayUnderTest.patience());
			assertStopped(this.gateway);
			assertStopped(second);
			assertWhileStopped();
			second.restart();
			assertStopped(second);
		}
		finally {
			change("resume-sends");
		}
		assertThatProblem(change("resume-sends")).is(409, "MOVE_REFUSED");
		assertThatProblem(post("/operator/accounts/nobody/stop-sends", Map.of()).block(GatewayUnderTest.patience()))
			.is(404, "NOT_FOUND");
	}

	private void assertWhileStopped() {
		String fresh = "sends = 0, sent_at = null, send_by = null, due_at = now(), send_deadline = now() + ";
		String waiting = row(NUMBER, "ACCEPTED", fresh + "interval '2 minutes'");
		String late = row(NUMBER, "ACCEPTED", fresh + "interval '1 second'");
		String lost = row(NUMBER, "SEND_UNKNOWN",
				"sends = 1, due_at = now(), send_deadline = now() + interval '2 minutes'");
		String followed = row(NUMBER, "HANDLING", "");
		set(followed, "due_at = now(), upstream_id = '" + buyTopup(NUMBER, "fg" + followed) + "'");

		assertThatProblem(move(unknown(), "allow-send")).is(409, "MOVE_REFUSED");
		assertThat(end(followed).path("state").asString()).isEqualTo("FULFILLED");
		assertThat(end(late).path("code").asString()).isEqualTo("NOT_SENT_IN_TIME");
		Flux.defer(() -> Flux
			.just(read("select due_at > now() + interval '30 seconds' from orders_order where id = '" + lost + "'",
					Boolean.class)))
			.subscribeOn(Schedulers.boundedElastic())
			.repeatWhen((again) -> again.delayElements(Duration.ofMillis(100)))
			.filter((looked) -> looked)
			.blockFirst(GatewayUnderTest.patience());
		assertThat(state(waiting)).isEqualTo("ACCEPTED");
		assertThat(state(lost)).isEqualTo("SEND_UNKNOWN");
		assertThat(sends(waiting) + sends(lost)).isZero();

		assertThat(change("resume-sends").data().has("sendStop")).isFalse();
		set(lost, "due_at = now()");
		assertThat(end(waiting).path("state").asString()).isEqualTo("FULFILLED");
		assertThat(end(lost).path("state").asString()).isEqualTo("FULFILLED");
		assertThat(change("stop-sends").status()).isEqualTo(200);
	}

	private static void assertStopped(GatewayUnderTest gateway) {
		assertThatProblem(gateway.send(NUMBER, "stopped").block(GatewayUnderTest.patience())).is(503, "SENDS_STOPPED")
			.isHarmless();
		assertThatProblem(gateway.post("/v3/bills/pay", Map.of("transactionId", "t", "billId", "b"))
			.block(GatewayUnderTest.patience())).is(503, "SENDS_STOPPED").isHarmless();
	}

	private static Answer asked(GatewayUnderTest gateway, String key) {
		return ask(gateway, HttpMethod.GET, "/operator/accounts", key, null).block(GatewayUnderTest.patience());
	}

	private Answer change(String move) {
		return post("/operator/accounts/main/" + move, Map.of()).block(GatewayUnderTest.patience());
	}

	private static Map<String, Object> with(Map<String, Object> settings, Map<String, Object> more) {
		settings.putAll(more);
		return settings;
	}

	@Test
	void statesWhatEachCallerOrderedEachDay() {
		for (String[] order : new String[][] { { "FULFILLED", "cost = 980, final_at = now()" },
				{ "FULFILLED", "cost = 970.50, final_at = now()" }, { "FULFILLED", "final_at = now()" },
				{ "REFUNDED", "cost = 980, final_at = now()" }, { "REJECTED", "final_at = now()" },
				{ "HANDLING", "cost = 985" }, { "SEND_UNKNOWN", "value = 500" } }) {
			row(NUMBER, order[0], "caller = '=cmd\"x', accepted_at = '2026-03-31T23:59:59.9Z', " + order[1]);
		}
		row(NUMBER, "REJECTED", "caller = '=cmd\"x', accepted_at = '2026-04-01T00:00:00Z', final_at = now()");
		execute("""
				insert into passthrough_payment (id, account, caller, route, digest, request_id, overdue_at, state,
				                                 created_at)
				values ('p1', 'main', '=cmd"x', 'bills.pay', 'd', 'r', now(), 'ANSWERED', '2026-04-01T10:00:00Z')""");

		String path = "/operator/statements?from=2026-03-31&to=2026-04-01&caller==cmd%22x".replace("==", "=%3D");
		JsonNode items = json(path).path("items");

		assertThat(items.findValuesAsString("date")).containsExactly("2026-03-31", "2026-04-01", "2026-04-01");
		assertThat(items.get(0).toString()).isEqualTo("{\"date\":\"2026-03-31\",\"caller\":\"=cmd\\\"x\","
				+ "\"kind\":\"internet\",\"count\":7,\"bought\":3,\"spent\":1950.5,\"unpriced\":1,\"refunded\":1,"
				+ "\"refundedValue\":980,\"open\":2,\"openValue\":1485,\"rejected\":1}");
		assertThat(items.get(1).path("kind").asString()).isEqualTo("bills.pay");
		assertThat(items.get(1).path("bought").asInt()).isOne();
		assertThat(items.get(1).has("spent")).isFalse();
		String csv = csv(path + "&format=csv");
		assertThat(csv.split("\r\n")).containsExactly(
				"\"date\",\"caller\",\"kind\",\"count\",\"bought\",\"spent\",\"unpriced\",\"refunded\",\"refundedValue\",\"open\",\"openValue\",\"rejected\"",
				"\"2026-03-31\",\"'=cmd\"\"x\",\"internet\",7,3,1950.5,1,1,980,2,1485,1",
				"\"2026-04-01\",\"'=cmd\"\"x\",\"bills.pay\",1,1,,,,,0,,0",
				"\"2026-04-01\",\"'=cmd\"\"x\",\"internet\",1,0,0,0,0,0,0,0,1");
		assertThat(json("/operator/statements").has("items")).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "to, from=2026-01-01", "from, to=2026-01-01", "from, from=x&to=2026-01-01",
			"from, from=2026-02-30&to=2026-03-01", "to, from=2026-01-02&to=2026-01-01",
			"to, from=2026-01-01&to=2026-04-03", "format, format=xml" })
	void badStatementsNameTheirField(String field, String query) {
		assertThatProblem(answer(HttpMethod.GET, "/operator/statements?" + query, BOSS)).names(field);
	}

	@Test
	void aQuarterIsNotTooLong() {
		assertThat(json("/operator/statements?from=2026-01-01&to=2026-04-02").path("items").isArray()).isTrue();
	}

	/** Its query is escaped already. */
	private JsonNode json(String path) {
		Answer answer = raw(path);
		assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
		return answer.data();
	}

	private String csv(String path) {
		Answer answer = raw(path);
		assertThat(answer.headers().getFirst("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
		return answer.body().asString();
	}

	private Answer raw(String path) {
		return WebClient.create()
			.get()
			.uri(URI.create(this.gateway.managementUri() + path))
			.header("X-Access-Token", BOSS)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.map((entity) -> path.endsWith("csv") ? new Answer(entity.getStatusCode().value(), entity.getHeaders(),
					JsonMapper.shared().valueToTree(entity.getBody())) : Answer.of(entity))
			.block(GatewayUnderTest.patience());
	}

	private Answer answer(HttpMethod method, String path, String key) {
		return ask(this.gateway, method, path, key, method.equals(HttpMethod.POST) ? Map.of() : null)
			.block(GatewayUnderTest.patience());
	}

	private Answer adopt(String id, String upstreamId) {
		return moving(id, "adopt", Map.of("upstreamId", upstreamId)).block(GatewayUnderTest.patience());
	}

	private JsonNode end(String id) {
		return this.gateway.end(id).block(GatewayUnderTest.patience());
	}

	private String state(String id) {
		return read("select state from orders_order where id = '" + id + "'", String.class);
	}

	/** That reached the upstream's book. */
	private int sends(String id) {
		return this.gateway.upstream().account("sim-key-1").order("fg" + id).map((order) -> order.sends()).orElse(0);
	}

	private long bought(String type) {
		return this.gateway.upstream()
			.account("sim-key-1")
			.giftOrders()
			.stream()
			.map(SimulatedGiftOrder::type)
			.filter(type::equals)
			.count();
	}

}
