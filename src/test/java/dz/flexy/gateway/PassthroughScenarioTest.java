package dz.flexy.gateway;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.StubUpstream.Received;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What is passed on, to the byte, over real HTTP. Each upstream account has breakers and
 * a budget of its own, so what fails has callers of its own too.
 */
@TestInstance(Lifecycle.PER_CLASS)
class PassthroughScenarioTest {

	private static final String PARTNERS = "/v3/bills/partners";

	private static final String DISCOVER = "/v3/bills/discover";

	private static final String PAY = "/v3/bills/pay";

	private static final String LINK = "/v3/ocpay/createLink";

	private static final String RECEIPT = "/v3/bills/transactions/6b02575bd3c6706d76d74e89/receipt";

	private static final String GOOD = "{\"success\":true,  \"data\":{\"ADE\":{\"status\":\"ACTIVE\"}},\"x\":1.10}";

	private static final String BILL = "{\"transactionId\":\"6b02575bd3c6706d76d74e89\",\"billId\":\"b1\",\"ref\":\"%s\"}";

	private static final String PAID = "{\"success\":true,\"data\":{\"transactionId\":\"6b02575bd3c6706d76d74e89\",\"status\":\"PROCESSING\"}}";

	private static final byte[] NOTHING = new byte[0];

	/** As large as receipts get. */
	private static final int RECEIPT_CHUNKS = 1280;

	private static final int CHUNK = 16 * 1024;

	private final StubUpstream upstream = new StubUpstream();

	private GatewayUnderTest gateway;

	@BeforeAll
	void start() {
		Map<String, Object> settings = new LinkedHashMap<>();
		settings.put("gateway.upstream.base-url", this.upstream.baseUrl());
		settings.put("gateway.upstream.response-timeout", "20s");
		settings.put("gateway.callers.shop.account", "main");
		settings.put("gateway.callers.other.account", "main");
		settings.put("gateway.callers.shop.scopes", "account:read,bills,ocpay");
		for (String account : List.of("faulty", "limited", "barred", "losing")) {
			settings.putAll(new GatewaySettings().account(account, account + "-upstream-key")
				.caller(account, account + "-key", account)
				.asMap());
			settings.put("gateway.callers." + account + ".scopes", "account:read,bills,ocpay");
			settings.put("gateway.upstream.accounts." + account + ".limit", 200);
			settings.put("gateway.upstream.accounts." + account + ".window", "2s");
		}
		this.gateway = GatewayUnderTest.start(settings);
		this.upstream.json(PARTNERS, 200, GOOD);
		this.upstream.json(PAY, 200, PAID);
		warmUp(HttpMethod.GET, PARTNERS, GatewayUnderTest.KEY, "");
		for (String payer : List.of(GatewayUnderTest.KEY, "limited-key", "losing-key")) {
			warmUp(HttpMethod.POST, PAY, payer, BILL.formatted("warm"));
		}
	}

	/** A first call may take longer than its permit holds, and is not made again. */
	private void warmUp(HttpMethod method, String path, String key, String body) {
		this.gateway.exchange(method, path, headers(key), body.getBytes(StandardCharsets.UTF_8))
			.repeat()
			.filter((answer) -> answer.status() == 200)
			.blockFirst(GatewayUnderTest.patience());
	}

	@AfterAll
	void close() {
		this.gateway.close();
		this.upstream.close();
	}

	@BeforeEach
	void forget() {
		this.upstream.forget();
		this.upstream.json(PARTNERS, 200, GOOD);
		this.upstream.json(PAY, 200, PAID);
	}

	@Test
	void handsEnvelopesBackByteForByte() {
		String refusal = "{\"success\":false,\"error\":{\"code\":\"INVALID_ACCOUNT\",\"message\":\"no\"} }";
		this.upstream.json(DISCOVER, 400, refusal);

		ResponseEntity<String> good = text(HttpMethod.GET, PARTNERS, "", Map.of());
		ResponseEntity<String> bad = text(HttpMethod.POST, DISCOVER, "{ \"partner\" : \"ADE\" }", Map.of());

		assertThat(good.getStatusCode().value()).isEqualTo(200);
		assertThat(good.getBody()).isEqualTo(GOOD);
		assertThat(good.getHeaders().getFirst("Content-Type")).isEqualTo("application/json;charset=utf-8");
		assertThat(bad.getStatusCode().value()).isEqualTo(400);
		assertThat(bad.getBody()).isEqualTo(refusal);
		assertThat(this.upstream.received(DISCOVER)).singleElement()
			.satisfies((request) -> assertThat(request.body()).isEqualTo("{ \"partner\" : \"ADE\" }"))
			.satisfies((request) -> assertThat(request.headers().get("Content-Type")).isEqualTo("application/json"));
	}

	@Test
	void keepsPathAndQueryAsWritten() {
		String query = "?ref=a%20b+c%2F..%2f%00&partner=Alg%C3%A9rie%20T%c3%a9l%C3%A9com&&x=/?:@!$'()*,;=~";
		this.upstream.json("/v3/bills/transactions/by-ref", 200, GOOD);

		assertThat(raw("GET /v3/bills/transactions/by-ref" + query).status()).isEqualTo(200);

		assertThat(this.upstream.all()).extracting(Received::uri)
			.containsOnlyOnce("/v3/bills/transactions/by-ref" + query);
	}

	@Test
	void standsThousandsOfParameters() {
		assertThat(raw("GET " + PARTNERS + "?" + "a&".repeat(2048)).status()).isEqualTo(200);
		this.upstream.forget();

		assertThatProblem(raw("GET " + PARTNERS + "?" + "a&".repeat(2049))).is(400, "ERR_VALIDATION").isHarmless();
		assertThat(raw("GET " + PARTNERS + "?" + "a&".repeat(10_000)).status()).isBetween(400, 499);
		assertThat(this.upstream.all()).isEmpty();
	}

	@Test
	void passesOnNoPathThatCouldBeAnother() {
		for (String path : List.of("/v3/bills/transactions/..", "/v3/bills/transactions/.", "/v3/bills/./partners",
				"/v3/bills/transactions/%2e%2e", "/v3/bills/transactions/..%2fpartners", "/v3/bills//partners",
				"/v3/bills/transactions/a%2fb", "/v3/bills/transactions/a%5cb", "/v3/bills/transactions/a;b=c",
				"/v3/bills/partners;x=y", "/v3;x/bills/partners", "/v3/bills/%70artners", "/v3/bills/transactions/%00",
				"/v3/bills/transactions/a%0d%0ab", "/v3/bills/transactions/a%20b", "/v3/bills/partners/",
				"/v3/bills/transactions/x/receipt/", "/v3/bills/transactions/x/pdf", "/v3/bills/transactions//receipt",
				"/v3/bills/transactions/../receipt", "//evil.example/v3/bills/partners", "/v3/ocpay/checkPayment",
				"/v3/ocpay/checkPayment/" + "x".repeat(101), "/v3/ocpay", "/v3/bills", "/V3/bills/partners",
				"/v3/partners", "/v3/%2e%2e/v3/bills/partners")) {
			assertThat(raw("GET " + path).status()).as(path).isEqualTo(404);
			assertThat(raw("GET " + path).code()).as(path).isEqualTo("NOT_FOUND");
		}
		for (String target : List.of("http://evil.example/v3/bills/partners", "https://evil.example/v3/bills/partners",
				PARTNERS + "#fragment", PARTNERS + "?a=%zz", PARTNERS + "?a=%4", PARTNERS + "?a=[b]",
				PARTNERS + "?a=\u00e9")) {
			assertThat(raw("GET " + target).status()).as(target).isEqualTo(400);
		}
		for (String start : List.of("DELETE " + PARTNERS, "PUT " + PAY, "GET " + PAY, "HEAD " + PARTNERS,
				"POST " + PARTNERS, "GET " + DISCOVER)) {
			assertThat(raw(start).status()).as(start).isEqualTo(404);
		}
		assertThat(this.upstream.all()).isEmpty();
	}

	@Test
	void sendsNoHeaderThatIsNotTheRequests() {
		Map<String, String> sent = new LinkedHashMap<>(
				Map.of("Cookie", "session=1", "X-Forwarded-For", "10.0.0.1", "X-Forwarded-Host", "evil.example",
						"Accept", "application/json", "Accept-Encoding", "gzip", "Authorization", "Bearer x", "TE",
						"trailers", "Upgrade", "h2c", "Forwarded", "for=x", "If-None-Match", "\"a\""));
		sent.put("connection", "close, Accept-Language");
		sent.put("Accept-Language", "fr");

		assertThat(raw("GET " + PARTNERS, sent, NOTHING).status()).isEqualTo(200);

		io.netty.handler.codec.http.HttpHeaders came = this.upstream.received(PARTNERS).getFirst().headers();
		assertThat(came.names().stream().map((name) -> name.toLowerCase(java.util.Locale.ROOT)))
			.containsExactlyInAnyOrder("x-access-token", "accept", "accept-encoding", "host", "user-agent");
		assertThat(came.get("X-Access-Token")).isEqualTo("sim-key-1");
		assertThat(came.get("Accept-Encoding")).isEqualTo("identity");
		assertThat(came.get("Host")).isEqualTo("localhost:" + this.upstream.baseUrl().getPort());
	}

	@Test
	void handsNoHeaderBackThatIsTheUpstreams() {
		this.upstream.on(PARTNERS,
				(request, response) -> response.header("Set-Cookie", "a=b")
					.header("X-RateLimit-Remaining", "77")
					.header("X-Request-ID", "theirs")
					.header("Server", "cloudflare")
					.header("ETag", "\"e\"")
					.header("Last-Modified", "nonsense")
					.header("Cache-Control", "no-store")
					.header("Connection", "keep-alive, Cache-Control")
					.sendString(Mono.just(GOOD)));

		Answer answer = raw("GET " + PARTNERS, Map.of("If-None-Match", "\"e\""), NOTHING);

		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.headers().getFirst("ETag")).isEqualTo("\"e\"");
		assertThat(answer.headers().containsHeader("Set-Cookie")).isFalse();
		assertThat(answer.headers().containsHeader("Server")).isFalse();
		assertThat(answer.headers().containsHeader("Cache-Control")).isFalse();
		assertThat(answer.headers().getFirst("X-Request-ID")).startsWith("req_");
		assertThat(answer.headers().get("X-RateLimit-Remaining")).singleElement().isNotEqualTo("77");
	}

	@Test
	void wrapsWhateverIsNoEnvelopeAndRepeatsNothing() {
		Map<String, Runnable> cases = new LinkedHashMap<>();
		cases.put("html 502", () -> this.upstream.text(PARTNERS, 502, "text/html", "<html>Bad gateway</html>"));
		cases.put("html 200", () -> this.upstream.text(PARTNERS, 200, "text/html", "<html>Welcome</html>"));
		cases.put("half", () -> this.upstream.json(PARTNERS, 200, GOOD.substring(0, 30)));
		cases.put("empty", () -> this.upstream.json(PARTNERS, 200, ""));
		cases.put("array", () -> this.upstream.json(PARTNERS, 200, "[1]"));
		cases.put("cut", () -> this.upstream.cut(PARTNERS));
		cases.put("router", () -> this.upstream.json(PARTNERS, 404,
				"{\"message\":\"Route not found\",\"error\":\"Not Found\",\"statusCode\":404}"));
		cases.put("redirect", () -> this.upstream.on(PARTNERS,
				(request, response) -> response.status(302).header("Location", "http://localhost:1/").send()));

		cases.forEach((name, prepare) -> {
			this.upstream.forget();
			prepare.run();

			Answer answer = get("faulty-key", PARTNERS);

			assertThat(answer.code()).as(name).isEqualTo("UPSTREAM_UNAVAILABLE");
			assertThatProblem(answer).is(503, "UPSTREAM_UNAVAILABLE").tellsQuota().retriesLater().isHarmless();
			assertThat(this.upstream.received(PARTNERS)).as(name).hasSize(1);
		});
	}

	@Test
	void tellsNothingOfItsOwnKey() {
		this.upstream.json(PARTNERS, 401,
				"{\"success\":false,\"error\":{\"code\":\"INVALID_ACCESS_TOKEN\",\"message\":\"INVALID_ACCESS_TOKEN\",\"details\":{\"attemptsLeft\":3}}}");

		Answer first = get("barred-key", PARTNERS);
		Answer second = get("barred-key", PARTNERS);

		for (Answer answer : List.of(first, second)) {
			assertThatProblem(answer).is(503, "UPSTREAM_ACCOUNT_STOPPED").retriesLater().isHarmless();
			assertThat(answer.body().toString()).doesNotContain("ACCESS_TOKEN", "attemptsLeft");
		}
		assertThat(this.upstream.received(PARTNERS)).hasSize(1);
	}

	@Test
	void restsWhenTheUpstreamLimits() {
		this.upstream.on(PAY,
				(request, response) -> response.status(429)
					.header("Retry-After", "1")
					.header("X-RateLimit-Limit", "1")
					.sendString(Mono.just("{\"success\":false,\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\"}}")));

		Answer answer = post("limited-key", PAY, BILL.formatted("limited"));

		assertThatProblem(answer).is(503, "UPSTREAM_UNAVAILABLE").retriesLater().isHarmless();
		assertThat(this.upstream.received(PAY)).hasSize(1);
		assertThat(row("limited")).containsEntry("state", "NOT_SENT");
	}

	@Test
	void demandsScopes() {
		for (String path : List.of(PARTNERS, RECEIPT, "/v3/ocpay/checkPayment/x", "/v3/account/transactions")) {
			assertThatProblem(get(GatewayUnderTest.OTHER_KEY, path)).is(403, "INSUFFICIENT_SCOPE").isHarmless();
		}
		assertThatProblem(post(GatewayUnderTest.OTHER_KEY, PAY, BILL.formatted("a"))).is(403, "INSUFFICIENT_SCOPE");
		assertThat(this.upstream.all()).isEmpty();
	}

	@Test
	void refusesBodiesBeforeAnythingIsPassedOn() {
		for (String path : List.of(PAY, LINK, DISCOVER)) {
			assertThatProblem(sent(path, "{}", Map.of("Content-Type", "text/plain"))).names("Content-Type")
				.isHarmless();
			assertThatProblem(raw("POST " + path, Map.of("Content-Type", "nonsense", "Content-Length", "0"), NOTHING))
				.is(400, "ERR_VALIDATION");
			assertThatProblem(sent(path, "{}", Map.of("Content-Encoding", "gzip"))).names("Content-Encoding");
			for (String body : List.of("", "[]", "{", "{}{}", "null")) {
				assertThatProblem(sent(path, body, Map.of())).names("body").isHarmless();
			}
			assertThatProblem(sent(path, "{\"x\":\"" + "a".repeat(64 * 1024) + "\"}", Map.of()))
				.is(413, "PAYLOAD_TOO_LARGE")
				.isHarmless();
		}
		assertThat(this.upstream.all()).isEmpty();
	}

	@Test
	void readsNoBodyWithoutEnd() throws IOException {
		try (Socket socket = socket("POST " + PAY + " HTTP/1.1\r\nHost: x\r\nX-Access-Token: shop-key\r\n"
				+ "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")) {
			byte[] chunk = ("4000\r\n" + "{".repeat(0x4000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
			for (int i = 0; i < 5; i++) {
				socket.getOutputStream().write(chunk);
			}
			String head = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);

			assertThat(head).isEqualTo("HTTP/1.1 413");
			assertThat(this.upstream.all()).isEmpty();
		}
	}

	@Test
	void translatesTheLedgersOrders() {
		this.gateway.database().client().sql("""
				insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
				                          send_deadline, state, upstream_id, final_at)
				select 'aaaaaaaaaaaaaaaaaaaaaaaa', account, 'other', 'internet', account, account, 'ADSL', '036362601',
				       1000, now(), 'FULFILLED', case account when 'main' then 'u-1' else 'u-2' end, now()
				from (values ('main'), ('faulty')) a (account) where account = 'main'
				union all
				select 'bbbbbbbbbbbbbbbbbbbbbbbb', 'faulty', 'other', 'internet', 'b', 'b', 'ADSL', '036362601', 1000,
				       now(), 'FULFILLED', 'u-2', now()""").fetch().rowsUpdated().block(GatewayUnderTest.patience());
		String ledger = "{\"success\":true,\"data\":{\"items\":[{\"objid\": \"%s\",\"amount\":10.50,\"note\":\"u-1\"},"
				+ "{\"objid\":\"u-2\"},{\"objid\":null}],\"pagination\":{}}}";
		this.upstream.json("/v3/account/transactions", 200, ledger.formatted("u-1"));

		ResponseEntity<String> answer = text(HttpMethod.GET, "/v3/account/transactions?page=1", "", Map.of());

		assertThat(answer.getBody()).isEqualTo(ledger.formatted("aaaaaaaaaaaaaaaaaaaaaaaa"));
	}

	@Test
	void handsFilesBackAsTheyAre() {
		CRC32 sent = new CRC32();
		this.upstream.on(RECEIPT,
				(request, response) -> response.header("Content-Type", "application/pdf")
					.header("Content-Disposition", "attachment; filename=\"r.pdf\"")
					.header("Content-Length", Integer.toString(RECEIPT_CHUNKS * CHUNK))
					.send(Flux.range(0, RECEIPT_CHUNKS)
						.map(PassthroughScenarioTest::chunk)
						.doOnNext(sent::update)
						.map(Unpooled::wrappedBuffer)));
		CRC32 got = new CRC32();

		ResponseEntity<Flux<DataBuffer>> answer = this.gateway.client()
			.get()
			.uri(RECEIPT)
			.retrieve()
			.toEntityFlux(DataBuffer.class)
			.block(GatewayUnderTest.patience());
		long length = answer.getBody().map((buffer) -> {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			DataBufferUtils.release(buffer);
			got.update(bytes);
			return (long) bytes.length;
		}).reduce(0L, Long::sum).block(GatewayUnderTest.patience());

		assertThat(answer.getHeaders().getFirst("Content-Type")).isEqualTo("application/pdf");
		assertThat(answer.getHeaders().getFirst("Content-Disposition")).isEqualTo("attachment; filename=\"r.pdf\"");
		assertThat(answer.getHeaders().getContentLength()).isEqualTo(length);
		assertThat(length).isEqualTo(20L * 1024 * 1024);
		assertThat(got.getValue()).isEqualTo(sent.getValue());
	}

	/**
	 * 60 MiB are offered; what is not taken is not read, and not asked of the upstream.
	 */
	@Test
	void holdsFilesBackThatNobodyTakes() throws Exception {
		AtomicLong produced = new AtomicLong();
		this.upstream.on(RECEIPT,
				(request, response) -> response.header("Content-Type", "application/octet-stream")
					.send(Flux.range(0, 3 * RECEIPT_CHUNKS)
						.map(PassthroughScenarioTest::chunk)
						.doOnNext((chunk) -> produced.addAndGet(chunk.length))
						.map(Unpooled::wrappedBuffer)));
		try (Socket socket = socket("GET " + RECEIPT + " HTTP/1.1\r\nHost: x\r\nX-Access-Token: shop-key\r\n\r\n")) {
			assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
				.isEqualTo("HTTP/1.1 200");

			long held = Flux.interval(Duration.ofMillis(100))
				.map((beat) -> produced.get())
				.buffer(10, 1)
				.filter((last) -> last.getFirst().equals(last.getLast()))
				.blockFirst(GatewayUnderTest.patience())
				.getLast();

			Figures figures = new Figures("A file that nobody takes");
			figures.add("KiB that the upstream could send", held / 1024);
			figures.print();
			assertThat(held).isBetween(1L, 24L * 1024 * 1024);
			assertThat(this.upstream.received(RECEIPT).getFirst().closed()).isNotDone();
		}
		this.upstream.received(RECEIPT).getFirst().closed().get(10, TimeUnit.SECONDS);
	}

	@Test
	void aFileThatBreaksOffIsNotWhole() {
		this.upstream.on(RECEIPT, (request, response) -> response.header("Content-Type", "image/png")
			.header("Content-Length", Integer.toString(2 * CHUNK))
			.send(Flux.just(Unpooled.wrappedBuffer(chunk(0))).concatWith(Mono.error(new IOException("broken off")))));

		assertThatThrownBy(() -> this.gateway.client("faulty-key")
			.get()
			.uri(RECEIPT)
			.retrieve()
			.bodyToFlux(DataBuffer.class)
			.doOnNext(DataBufferUtils::release)
			.blockLast(GatewayUnderTest.patience())).isInstanceOf(Exception.class);
	}

	@Test
	void aFileMayBeRefusedOrBeNone() {
		String refusal = "{\"success\":false,\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"not yet\"}}";
		this.upstream.json(RECEIPT, 404, refusal);
		assertThat(get(GatewayUnderTest.KEY, RECEIPT).code()).isEqualTo("NOT_FOUND");
		assertThat(get(GatewayUnderTest.KEY, RECEIPT).status()).isEqualTo(404);

		this.upstream.text(RECEIPT, 200, "text/html", "<script>");
		assertThatProblem(get("faulty-key", RECEIPT)).is(503, "UPSTREAM_UNAVAILABLE");
	}

	@Test
	void aCallerWhoHangsUpEndsTheRead() throws Exception {
		Sinks.One<Received> asked = Sinks.one();
		this.upstream.on(PARTNERS, (request, response) -> {
			asked.tryEmitValue(request);
			return Mono.never();
		});
		Disposable caller = this.gateway.get(PARTNERS).subscribe();
		Received request = asked.asMono().block(GatewayUnderTest.patience());

		caller.dispose();

		request.closed().get(10, TimeUnit.SECONDS);
	}

	@Test
	void commitsAPaymentBeforeItsFirstByte() {
		Sinks.One<Map<String, Object>> seen = Sinks.one();
		this.upstream.on(PAY, (request, response) -> rows("first").doOnNext(seen::tryEmitValue)
			.thenMany(response.sendString(Mono.just(PAID))));

		Answer answer = post(GatewayUnderTest.KEY, PAY, BILL.formatted("first"));

		assertThat(answer.status()).isEqualTo(200);
		assertThat(seen.asMono().block(GatewayUnderTest.patience())).containsEntry("state", "SENDING")
			.containsEntry("transaction_id", "6b02575bd3c6706d76d74e89")
			.containsEntry("bill_ids", "b1")
			.containsEntry("caller", "shop");
		assertThat(row("first")).containsEntry("state", "ANSWERED")
			.containsEntry("answer_status", 200)
			.containsEntry("upstream_id", "6b02575bd3c6706d76d74e89");
		assertThat(this.upstream.received(PAY)).singleElement()
			.satisfies((request) -> assertThat(request.body()).isEqualTo(BILL.formatted("first")));
	}

	@Test
	void keepsARefusalOfAPayment() {
		String refusal = "{\"success\":false,\"error\":{\"code\":\"BILL_ALREADY_PAID\",\"message\":\"paid\"}}";
		this.upstream.json(PAY, 409, refusal);

		Answer answer = post(GatewayUnderTest.KEY, PAY, BILL.formatted("refused"));

		assertThat(answer.status()).isEqualTo(409);
		assertThat(answer.code()).isEqualTo("BILL_ALREADY_PAID");
		assertThat(row("refused")).containsEntry("state", "REFUSED").containsEntry("reason", "BILL_ALREADY_PAID");
	}

	@Test
	void handsAServersFaultBackAndCountsItAsUnknown() {
		this.upstream.json(PAY, 500, "{\"success\":false,\"error\":{\"code\":\"INTERNAL_ERROR\",\"message\":\"x\"}}");

		Answer answer = post("losing-key", PAY, BILL.formatted("fault"));

		assertThat(answer.status()).isEqualTo(500);
		assertThat(answer.code()).isEqualTo("INTERNAL_ERROR");
		assertThat(row("fault")).containsEntry("state", "UNKNOWN").containsEntry("answer_status", 500);
		assertThat(this.upstream.received(PAY)).hasSize(1);
	}

	/** What an edge rule says to a caller's own words started nothing. */
	@Test
	void aClientErrorWithoutEnvelopeIsARefusal() {
		this.upstream.text(PAY, 403, "text/html", "<html>blocked</html>");

		Answer answer = post(GatewayUnderTest.KEY, PAY, BILL.formatted("blocked"));

		assertThatProblem(answer).is(503, "UPSTREAM_UNAVAILABLE").isHarmless();
		assertThat(row("blocked")).containsEntry("state", "REFUSED");
		assertThat(this.upstream.received(PAY)).hasSize(1);
	}

	@Test
	void asksNobodyToPayAgain() {
		String body = "{\"success\":false,\"error\":{\"code\":\"SERVICE_UNAVAILABLE\",\"message\":\"x\"}}";
		this.upstream.json(PAY, 503, body);

		Answer answer = post("losing-key", PAY, BILL.formatted("unclear"));

		assertThat(answer.status()).isEqualTo(503);
		assertThat(answer.headers().getFirst("Retry-After")).isNull();
		assertThat(row("unclear")).containsEntry("state", "UNKNOWN");
	}

	@Test
	void aFileThatNeverBeginsIsToldAsTheUpstreamsFault() {
		this.upstream.on(RECEIPT,
				(request, response) -> response.header("Content-Type", "application/pdf")
					.header("Cache-Control", "max-age=600")
					.header("Content-Length", "100")
					.sendHeaders()
					.then()
					.then(Mono.fromRunnable(() -> request.connection().channel().close())));

		Answer answer = get(GatewayUnderTest.KEY, RECEIPT);

		assertThatProblem(answer).is(503, "UPSTREAM_UNAVAILABLE").isHarmless();
		assertThat(answer.headers().getFirst("Cache-Control")).isNotEqualTo("max-age=600");
	}

	@Test
	void aWordInPlaceOfABooleanIsNoSuccess() {
		this.upstream.json(PARTNERS, 200, "{\"success\":\"true\",\"data\":{}}");

		assertThatProblem(get("faulty-key", PARTNERS)).is(503, "UPSTREAM_UNAVAILABLE");
	}

	@Test
	void tellsThatAnAnswerWasLostAndRepeatsNothing() {
		this.upstream.cut(PAY);

		Answer answer = post("losing-key", PAY, BILL.formatted("lost"));

		assertThat(answer.status()).isEqualTo(504);
		assertThat(answer.code()).isEqualTo("ANSWER_LOST");
		assertThat(answer.body().at("/error/details/moneyMayHaveMoved").asBoolean()).isTrue();
		assertThat(answer.body().at("/error/details/retrySafe").asBoolean(true)).isFalse();
		assertThat(row("lost")).containsEntry("state", "UNKNOWN")
			.containsEntry("id", answer.body().at("/error/details/paymentId").asString());
		assertThat(this.upstream.received(PAY)).hasSize(1);
	}

	@Test
	void sendsNothingWhatIsNotCommitted() {
		this.gateway.database()
			.client()
			.sql("alter table passthrough_payment add constraint broken check (ref <> 'unstorable')")
			.fetch()
			.rowsUpdated()
			.block(GatewayUnderTest.patience());

		Answer answer = post(GatewayUnderTest.KEY, PAY, BILL.formatted("unstorable"));

		assertThatProblem(answer).is(503, "STORE_UNAVAILABLE").retriesLater().isHarmless();
		assertThat(this.upstream.received(PAY)).isEmpty();
	}

	@Test
	void aCallerWhoHangsUpDoesNotEndAPayment() {
		Sinks.One<Received> asked = Sinks.one();
		Sinks.Empty<Void> answered = Sinks.empty();
		this.upstream.on(LINK, (request, response) -> {
			asked.tryEmitValue(request);
			return response.sendString(
					answered.asMono().thenReturn("{\"success\":true,\"data\":{\"paymentRef\":\"OCPL-ABCDEF-1234\"}}"));
		});
		Disposable caller = this.gateway
			.exchange(HttpMethod.POST, LINK, headers(GatewayUnderTest.KEY),
					"{\"ref\":\"left\",\"productInfo\":{}}".getBytes(StandardCharsets.UTF_8))
			.subscribe();
		Received request = asked.asMono().block(GatewayUnderTest.patience());

		caller.dispose();
		answered.tryEmitEmpty();

		Map<String, Object> row = Flux.interval(Duration.ofMillis(50))
			.onBackpressureDrop()
			.concatMap((beat) -> rows("left"), 0)
			.filter((now) -> !"SENDING".equals(now.get("state")))
			.blockFirst(GatewayUnderTest.patience());
		assertThat(row).containsEntry("state", "ANSWERED")
			.containsEntry("upstream_id", "OCPL-ABCDEF-1234")
			.containsEntry("route", "ocpay.createLink");
		assertThat(request.body()).contains("left");
		assertThat(this.upstream.received(LINK)).hasSize(1);
	}

	private Mono<Map<String, Object>> rows(String ref) {
		return this.gateway.database()
			.client()
			.sql("select * from passthrough_payment where ref = :ref")
			.bind("ref", ref)
			.fetch()
			.one();
	}

	private Map<String, Object> row(String ref) {
		return rows(ref).block(GatewayUnderTest.patience());
	}

	private Answer get(String key, String path) {
		return this.gateway.exchange(HttpMethod.GET, path, Map.of("X-Access-Token", key), NOTHING)
			.block(GatewayUnderTest.patience());
	}

	private Answer post(String key, String path, String body) {
		return this.gateway.exchange(HttpMethod.POST, path, headers(key), body.getBytes(StandardCharsets.UTF_8))
			.block(GatewayUnderTest.patience());
	}

	private Answer sent(String path, String body, Map<String, String> headers) {
		Map<String, String> all = new LinkedHashMap<>(headers(GatewayUnderTest.KEY));
		all.putAll(headers);
		return this.gateway.exchange(HttpMethod.POST, path, all, body.getBytes(StandardCharsets.UTF_8))
			.block(GatewayUnderTest.patience());
	}

	private static Map<String, String> headers(String key) {
		return Map.of("X-Access-Token", key, "Content-Type", "application/json");
	}

	private ResponseEntity<String> text(HttpMethod method, String path, String body, Map<String, String> headers) {
		return this.gateway.client()
			.method(method)
			.uri(path)
			.headers((all) -> headers.forEach(all::set))
			.header("Content-Type", "application/json")
			.bodyValue(body)
			.exchangeToMono((response) -> response.toEntity(String.class))
			.block(GatewayUnderTest.patience());
	}

	private Answer raw(String start) {
		return raw(start, Map.of(), NOTHING);
	}

	private Answer raw(String start, Map<String, String> headers, byte[] body) {
		Map<String, String> all = new LinkedHashMap<>(headers);
		all.put("X-Access-Token", GatewayUnderTest.KEY);
		return new RawHttp(this.gateway.uri()).exchange(start, all, body);
	}

	private Socket socket(String head) throws IOException {
		Socket socket = new Socket("localhost", this.gateway.uri().getPort());
		socket.setSoTimeout(20_000);
		socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static byte[] chunk(int number) {
		byte[] chunk = new byte[CHUNK];
		java.util.Arrays.fill(chunk, (byte) number);
		return chunk;
	}

}
