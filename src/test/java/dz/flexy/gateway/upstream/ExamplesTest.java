package dz.flexy.gateway.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

import dz.flexy.gateway.problem.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import dz.flexy.gateway.account.Family;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** Each published body of an endpoint that this gateway decodes means what it says. */
class ExamplesTest {

	private static final Path EXAMPLES = Path.of("src/test/resources/upstream");

	/** Endpoints that nothing decodes: passed through, or not sold. */
	private static final Set<String> UNDECODED = Set.of("mobile-plans", "gift-cards-catalog", "gift-cards-checkProduct",
			"ocpay-createLink", "ocpay-checkPayment", "bills-partners", "bills-discover", "bills-pay",
			"bills-transaction", "bills-by-ref", "bills-transactions");

	/** Published, and by its first client never seen on the wire. */
	private static final String UNREADABLE = "validate/of-bills.json";

	private static final String TOPUP = "6901616fe9e88196b4eb64b2";

	private static final String MOBILE_TOPUP = "6901616fe9e88196b4eb64b0";

	private static final String OFFER = "هذا رقم الهاتف لا يقبل العرض المرسل، الرجاء إرسال أحد العروض التالية";

	private static final String OFFERS = """
			[{"typename":"📋 FACTURE | فاتورة","plan_code":"FACTURE_DJEZZY","amount":500}]""";

	private static final String GIFT = "6901616fe9e88196b4eb64b3";

	private static final DeliveredCard CARD = new DeliveredCard("123456789012", "AT-2025-12345",
			Instant.parse("2025-11-01T12:00:45Z"));

	private static final Map<String, Expectation> SUCCESSES = successes();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final JsonMapper json = new JsonMapper();

	private final Drift drift = new Drift(this.meters);

	private final Classifier classifier = new Classifier(new RefusalReader(this.json, this.drift), this.drift);

	private final TopupDecoder topups = new TopupDecoder(this.drift);

	private final MovementDecoder movements = new MovementDecoder(this.drift);

	/**
	 * What a body is read as.
	 *
	 * @param decode of those that this test has, the one to read it with
	 * @param requestId the upstream's, {@code -} where the body has none
	 */
	private record Expectation(Function<ExamplesTest, Function<JsonNode, Optional<?>>> decode, Object value,
			String requestId) {
	}

	@Test
	void eachExampleIsDecodedOrSaidNotToBe() {
		assertThat(examples().map(ExamplesTest::endpoint)).containsAll(UNDECODED);
		assertThat(examples().filter((example) -> !endpoint(example).equals("errors") && !example.equals(UNREADABLE)
				&& !UNDECODED.contains(endpoint(example))))
			.containsExactlyInAnyOrderElementsOf(SUCCESSES.keySet());
	}

	@Test
	void identityInTheShapeOfBillsIsUnreadable() {
		assertThat(classify(answer(200, UNREADABLE), ReadDecoder::identity)).isInstanceOf(Outcome.MayHaveActed.class);
		assertThat(this.meters.counter("gateway.upstream.drift", "kind", "shape").count()).isOne();
	}

	@ParameterizedTest
	@MethodSource("decoded")
	void successIsReadInFull(String example) {
		Expectation expectation = SUCCESSES.get(example);
		Answer answer = answer(200, example);

		Outcome<?> outcome = classify(answer, expectation.decode().apply(this));

		assertThat(outcome).isEqualTo(new Outcome.Success<>(expectation.value(), expectation.requestId()));
		assertThat(this.meters.find("gateway.upstream.drift").counters())
			.allSatisfy((counter) -> assertThat(counter.count()).isZero());
	}

	@ParameterizedTest
	@CsvSource({ "400, validation, ERR_VALIDATION", "400, phone, ERR_PHONE", "400, phone-other-code, ERR_PHONE",
			"400, stock, ERR_STOCK", "403, balance, INSUFFICIENT_BALANCE",
			"403, balance-other-code, INSUFFICIENT_BALANCE", "403, duplicated, DUPLICATED_REF",
			"403, duplicated-other-code, DUPLICATED_REF", "404, not-found, NOT_FOUND", "400, message-at-top, ERR_STOCK",
			"400, code-in-message, ERR_STOCK", "404, id-in-meta, NOT_FOUND", "400, no-id, ERR_STOCK" })
	void refusalIsReadWithItsCode(int status, String example, ErrorCode code) {
		Refusal refusal = refused(status, example);

		assertThat(refusal.known()).contains(code);
		assertThat(refusal.status()).isEqualTo(status);
		assertThat(refusal.message()).isNotEmpty().doesNotStartWith(code.name());
		assertThat(this.meters.find("gateway.upstream.drift").counters())
			.allSatisfy((counter) -> assertThat(counter.count()).isZero());
	}

	@Test
	void detailsAreKept() {
		assertThat(refused(400, "phone").details())
			.isEqualTo(Map.of("number", "036362608", "type", "ADSL", "reason", "unknown subscriber"));
		assertThat(refused(403, "balance").details()).isEqualTo(Map.of("required", 1000, "available", 500));
		assertThat(refused(400, "validation").details()).isEqualTo(Map.of("field", "MSSIDN", "value", "778037340"));
		assertThat(refused(400, "envelope").details()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "envelope, req_1234567890_abc123", "validation, req_1730160959_xyz789", "id-in-meta, req_abc123xyz",
			"no-id, -" })
	void requestIdIsFoundWhereverItStands(String example, String id) {
		assertThat(answer(400, "errors/" + example + ".json").requestId()).isEqualTo(id);
	}

	/** Codes that this gateway has no word for are handed on as they are. */
	@ParameterizedTest
	@CsvSource({ "400, envelope, ERROR_CODE", "400, bill-account, INVALID_ACCOUNT",
			"413, bill-too-large, PAYLOAD_TOO_LARGE" })
	void otherCodesAreHandedOn(int status, String example, String code) {
		Refusal refusal = refused(status, example);

		assertThat(refusal.code()).isEqualTo(code);
		assertThat(refusal.status()).isEqualTo(status);
	}

	@ParameterizedTest
	@CsvSource({ "401, missing-key, MISSING_ACCESS_TOKEN", "400, missing-key, MISSING_ACCESS_TOKEN",
			"401, invalid-key, INVALID_ACCESS_TOKEN", "401, invalid-key-other-code, ERR_AUTH",
			"403, address-blocked, IP_BLOCKED", "403, address-not-allowed, IP_NOT_ALLOWED",
			"403, key-disabled, API_DISABLED" })
	void keyErrorStopsTheKey(int status, String example, String code) {
		assertThat(error(status, example))
			.isEqualTo(new Outcome.NotSent<>(Fault.GATEWAY, code, Duration.ofMinutes(15), true));
	}

	@Test
	void nothingWasDoneWhenLimitedOrKeysAreUnavailable() {
		assertThat(error(429, "limited")).isInstanceOf(Outcome.NotSent.class);
		assertThat(error(503, "keys-unavailable")).isInstanceOf(Outcome.NotSent.class);
	}

	@ParameterizedTest
	@CsvSource({ "500, internal", "503, unavailable", "409, bill-paid", "409, bill-underway", "503, bill-partner" })
	void faultOfTheServerMayHaveActed(int status, String example) {
		assertThat(error(status, example)).isInstanceOf(Outcome.MayHaveActed.class);
	}

	@Test
	void edgeMayHaveActed() {
		assertThat(classify(answer(502, "errors/edge.html"), this.topups::receipt))
			.isInstanceOf(Outcome.MayHaveActed.class);
	}

	@Test
	void routerKnowsNoSuchPath() {
		assertThat(refused(404, "router").is(ErrorCode.UPSTREAM_UNAVAILABLE)).isTrue();
	}

	@Test
	void messageInDataNamesNoCodeThatIsLookedForThere() {
		assertThat(error(404, "message-in-data")).isInstanceOfSatisfying(Outcome.Refused.class,
				(refused) -> assertThat(refused.refusal().requestId()).isEqualTo("req_abc123xyz"));
	}

	static Stream<String> decoded() {
		return SUCCESSES.keySet().stream();
	}

	private static Map<String, Expectation> successes() {
		Map<String, Expectation> all = new TreeMap<>();
		reads(all);
		sends(all);
		internet(all);
		mobile(all);
		giftCards(all);
		return all;
	}

	private static void reads(Map<String, Expectation> all) {
		all.put("ping/documented.json", read((data) -> Optional.of(data.path("operators").size()), 4, "-"));
		all.put("validate/documented.json",
				read(ReadDecoder::identity, new Identity("+213665983439", "PRODUCTION", true, "READ-WRITE"), "-"));
		all.put("account-balance/plain.json", read(ReadDecoder::balance, new BigDecimal("1326.13"), "-"));
		all.put("account-balance/with-currency.json",
				read(ReadDecoder::balance, new BigDecimal("50000"), "req_abc123"));
		Movement charge = new Movement("69016194e9e88196b4eb64cf", Movement.Kind.CHARGE, Optional.of(Family.MOBILE),
				new BigDecimal("490"), MOBILE_TOPUP);
		Movement reduced = new Movement(null, Movement.Kind.CHARGE, Optional.of(Family.MOBILE), new BigDecimal("500"),
				null);
		all.put("account-transactions/full.json", movements(charge));
		all.put("account-transactions/reduced.json", movements(reduced));
		List<Product> two = List.of(product(500, 490, true), product(5000, 4900, false));
		all.put("internet-products/type-in-data.json", read(ReadDecoder::products, two, "-"));
		all.put("internet-products/type-in-meta.json", read(ReadDecoder::products, two, "-"));
		all.put("internet-products/bare-array.json",
				read(ReadDecoder::products, List.of(product(500, 490, true), product(1000, 980, true)), "-"));
		all.put("internet-check-number/adsl.json",
				read(ReadDecoder::number, new NumberCheck("11022*****", "FTTc-b_10M'", "ADSL"), "-"));
		all.put("internet-check-number/4g.json",
				read(ReadDecoder::number, new NumberCheck("11022*****", null, "4GLTE"), "-"));
	}

	private static void sends(Map<String, Expectation> all) {
		all.put("internet-send/prefixed.json", receipt("690161a3e9e88196b4eb6545", "-"));
		all.put("internet-send/bare.json", receipt(TOPUP, "req_1730462400_abc123"));
		all.put("mobile-send/prefixed.json", receipt(MOBILE_TOPUP, "-"));
		all.put("mobile-send/bare.json", receipt(MOBILE_TOPUP, "req_1730462400_abc123"));
		all.put("mobile-send/new-balance.json", receipt(MOBILE_TOPUP, "-"));
	}

	private static void internet(Map<String, Expectation> all) {
		String prefixed = "API-+213665983439-order-123456";
		all.put("internet-check/fulfilled.json",
				topup(internet("order-123456", TopupStatus.FULFILLED, Optional.of(CARD))));
		all.put("internet-check/handling.json",
				topup(internet("order-123456", TopupStatus.HANDLING, Optional.empty())));
		all.put("internet-check/queued.json", topup(internet("order-123456", TopupStatus.QUEUED, Optional.empty())));
		all.put("internet-check/refunded.json",
				topup(internet("order-123456", TopupStatus.REFUNDED, Optional.empty())));
		all.put("internet-check/prefixed.json", topup(internet(prefixed, TopupStatus.HANDLING, Optional.empty())));
		Topup open = internet(prefixed, TopupStatus.HANDLING, Optional.empty());
		all.put("internet-list/topups.json", page(open));
		all.put("internet-list/items.json", page(open));
		all.put("internet-list/with-cards.json", page(internet(prefixed, TopupStatus.FULFILLED, Optional.of(CARD))));
	}

	private static void mobile(Map<String, Expectation> all) {
		all.put("mobile-check/fulfilled.json", new Expectation((at) -> at.topups.of(Family.MOBILE)::apply,
				mobile("0778037340", TopupStatus.FULFILLED, 490), "req_1730160975_xyz789"));
		all.put("mobile-check/pending.json", topup(mobile("0778037340", TopupStatus.PENDING, 490)));
		all.put("mobile-check/refunded.json",
				topup(mobile("0778037340", TopupStatus.REFUNDED, 0, "تعذر تنفيذ العملية", null)));
		Topup offered = mobile("0600000002", TopupStatus.REFUNDED, 0, OFFER, OFFERS);
		all.put("mobile-check/suggested-offers.json", topup(offered));
		all.put("mobile-check/every-field.json", topup(offered));
		all.put("mobile-check/unknown-error.json",
				topup(mobile("0778037340", TopupStatus.UNKNOWN_ERROR, 490, "العملية قيد المراجعة", null)));
		all.put("mobile-check/success-failed.json", topup(mobile("0778037340", TopupStatus.FULFILLED, 490)));
		all.put("mobile-check/camel-case.json",
				new Expectation((at) -> (data) -> at.topups.of(Family.MOBILE)
					.apply(data)
					.map((topup) -> topup.id() + " " + topup.status()), MOBILE_TOPUP + " UNKNOWN_ERROR", "-"));
		all.put("mobile-list/documented.json",
				new Expectation(
						(at) -> (data) -> at.topups.page(Family.MOBILE, data, 1)
							.map((page) -> page.rows().stream().map(Topup::number).toList()),
						List.of("0600000002", "0600000001"), "-"));
	}

	private static Expectation read(Function<JsonNode, Optional<?>> decode, Object value, String requestId) {
		return new Expectation((at) -> decode, value, requestId);
	}

	private static Expectation movements(Movement row) {
		return new Expectation((at) -> (data) -> at.movements.page(data, 1),
				new MovementPage(List.of(row), Set.of(), 1, 10), "-");
	}

	private static Expectation receipt(String id, String requestId) {
		return new Expectation((at) -> at.topups::receipt, new Receipt(id), requestId);
	}

	private static Expectation topup(Topup topup) {
		return new Expectation((at) -> at.topups.of(Family.INTERNET)::apply, topup, "-");
	}

	private static Expectation page(Topup row) {
		return new Expectation((at) -> (data) -> at.topups.page(Family.INTERNET, data, 1),
				new TopupPage(List.of(row), 0, 1, 3), "-");
	}

	private static Topup internet(String ref, TopupStatus status, Optional<DeliveredCard> card) {
		return new Topup(TOPUP, ref, status, "ADSL", "036362608", new BigDecimal("1000"), null, card, Optional.empty(),
				null, null);
	}

	private static Topup mobile(String number, TopupStatus status, int charged) {
		return mobile(number, status, charged, null, null);
	}

	private static Topup mobile(String number, TopupStatus status, int charged, @Nullable String message,
			@Nullable String offers) {
		return new Topup(MOBILE_TOPUP, "order-12345", status, "PREPAID_DJEZZY", number, new BigDecimal("500"),
				BigDecimal.valueOf(charged), Optional.empty(), Optional.empty(), message, offers);
	}

	private static void giftCards(Map<String, Expectation> all) {
		all.put("gift-cards-placeOrder/bare.json", receipt(GIFT, "-"));
		all.put("gift-cards-placeOrder/documented.json", receipt(GIFT, "req_1730163600_abc123"));
		all.put("gift-cards-placeOrder/order-ref.json", receipt(TOPUP, "-"));
		all.put("gift-cards-checkOrder/fulfilled.json", giftCards("FULFILLED 2 of 2, cards"));
		all.put("gift-cards-checkOrder/every-field.json", giftCards("FULFILLED 2 of 2, cards"));
		all.put("gift-cards-checkOrder/handling.json", giftCards("HANDLING null of 2"));
		all.put("gift-cards-checkOrder/partially-filled.json", giftCards("PARTIALLY_FILLED 2 of 4, cards"));
		all.put("gift-cards-checkOrder/refunded.json", giftCards("REFUNDED 0 of 2"));
		all.put("gift-cards-list/without-cards.json", giftCardPage("HANDLING 0 of 2"));
		all.put("gift-cards-list/with-cards.json", giftCardPage("FULFILLED 1 of 1, cards", "REFUNDED 0 of 1"));
	}

	private static Expectation giftCards(String told) {
		return new Expectation((at) -> (data) -> at.topups.of(Family.GIFT_CARD).apply(data).map(ExamplesTest::told),
				told, "-");
	}

	private static Expectation giftCardPage(String... told) {
		return new Expectation((at) -> (data) -> at.topups.page(Family.GIFT_CARD, data, 1)
			.map((page) -> page.rows().stream().map(ExamplesTest::told).toList()), List.of(told), "-");
	}

	private static String told(Topup topup) {
		Filling filling = topup.filling().orElseThrow();
		return topup.status() + " " + filling.fulfilled() + " of " + filling.quantity()
				+ (topup.card().isPresent() ? ", cards" : "");
	}

	private static Product product(int value, int cost, boolean available) {
		return new Product(BigDecimal.valueOf(value), BigDecimal.valueOf(cost), available);
	}

	private Refusal refused(int status, String example) {
		Outcome<?> outcome = error(status, example);
		assertThat(outcome).isInstanceOf(Outcome.Refused.class);
		return ((Outcome.Refused<?>) outcome).refusal();
	}

	private Outcome<?> error(int status, String example) {
		return classify(answer(status, "errors/" + example + ".json"), this.topups::receipt);
	}

	@SuppressWarnings("unchecked")
	private Outcome<?> classify(Answer answer, Function<JsonNode, ? extends Optional<?>> decode) {
		return this.classifier.classify("example", answer, (data) -> (Optional<Object>) decode.apply(data));
	}

	private Answer answer(int status, String example) {
		try {
			return Answer.read(status, new HttpHeaders(), Files.readAllBytes(EXAMPLES.resolve(example)),
					this.json.readerFor(JsonNode.class));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String endpoint(String example) {
		return example.substring(0, example.indexOf('/'));
	}

	private static Stream<String> examples() {
		try (Stream<Path> files = Files.walk(EXAMPLES, 2)) {
			return files.filter((file) -> file.getNameCount() == EXAMPLES.getNameCount() + 2)
				.map((file) -> EXAMPLES.relativize(file).toString())
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
