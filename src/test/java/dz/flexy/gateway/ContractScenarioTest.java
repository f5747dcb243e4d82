package dz.flexy.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;

import static org.assertj.core.api.Assertions.assertThat;

/** The published contract is served, and is of this gateway's paths. */
class ContractScenarioTest {

	private static GatewayUnderTest gateway;

	private static WebClient browser;

	@BeforeAll
	static void start() {
		gateway = GatewayUnderTest.start();
		browser = WebClient.builder()
			.baseUrl(gateway.uri().toString())
			.codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(4_000_000))
			.build();
	}

	@AfterAll
	static void close() {
		gateway.close();
	}

	@Test
	void routesWhatIsWrittenDownAndNothingElse() {
		assertThat(routed()).isEqualTo(written());
	}

	@Test
	void servesTheContractThatTestsHoldItTo() {
		ResponseEntity<byte[]> contract = get("/openapi.yaml");

		assertThat(contract.getStatusCode().value()).isEqualTo(200);
		assertThat(contract.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE)).isEqualTo("application/yaml");
		assertThat(contract.getHeaders().getCacheControl()).isEqualTo("no-cache");
		assertThat(new YAMLMapper().readTree(contract.getBody())).isEqualTo(PublishedContract.shared().document());
	}

	@ParameterizedTest
	@CsvSource({ "/openapi.yaml", "/docs", "/docs/swagger-ui-bundle.js", "/", "/board/board.js" })
	void isNotSentTwice(String path) {
		String tag = get(path).getHeaders().getETag();

		ResponseEntity<byte[]> again = browser.get()
			.uri(path)
			.header(HttpHeaders.IF_NONE_MATCH, tag)
			.exchangeToMono((response) -> response.toEntity(byte[].class))
			.block(GatewayUnderTest.patience());

		assertThat(again.getStatusCode().value()).isEqualTo(304);
		assertThat(again.getBody()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "/docs, 3", "/, 2" })
	void showsAPageThatTakesNothingFromElsewhere(String path, int files) {
		ResponseEntity<byte[]> page = get(path);
		String html = new String(page.getBody(), StandardCharsets.UTF_8);
		Matcher parts = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(html);

		assertThat(page.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE)).isEqualTo("text/html;charset=UTF-8");
		assertThat(page.getHeaders().getFirst("Content-Security-Policy"))
			.contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
			.doesNotContain("unsafe", "http");
		assertThat(html).doesNotContainPattern("<script[^>]*>[^<]").doesNotContain("<style", "style=", "onload");
		assertThat(parts.results().map((part) -> part.group(1)).filter((part) -> !part.startsWith("data:")))
			.hasSize(files)
			.allSatisfy((part) -> assertThat(get("/" + part.replaceFirst("^/", "")).getStatusCode().value()).as(part)
				.isEqualTo(200));
	}

	/**
	 * Every route that needs no key is a page, a part of one, or the contract; but for
	 * the ping.
	 */
	@TestFactory
	Stream<DynamicTest> allowsPagesNothingButWhatTheyNeed() {
		return RouteScopes.table()
			.entrySet()
			.stream()
			.filter((row) -> row.getValue().equals(RouteScopes.NO_KEY) && !row.getKey().equals("GET /v3/ping"))
			.map((row) -> row.getKey()
				.substring("GET ".length())
				.replace("/board/{}", "/board/board.js")
				.replace("{}", "6b02575bd3c6706d76d74e89"))
			.map((path) -> DynamicTest.dynamicTest(path, () -> {
				HttpHeaders headers = get(path).getHeaders();

				assertThat(headers.getFirst("Content-Security-Policy")).startsWith("default-src 'none'; ")
					.contains("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'")
					.doesNotContain("unsafe", "http", "*");
				assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
				assertThat(headers.getFirst("X-Frame-Options")).isEqualTo("DENY");
				assertThat(headers.getFirst("Referrer-Policy")).isEqualTo("no-referrer");
				assertThat(headers.getFirst("Permissions-Policy")).contains("camera=()", "geolocation=()");
				assertThat(headers.getFirst("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
				assertThat(headers.getFirst("Cross-Origin-Embedder-Policy")).isEqualTo("require-corp");
				assertThat(headers.getFirst("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
			}));
	}

	@Test
	void showsAnOrdersPageToWhomsoeverInLessThan60Kilobytes() {
		byte[] page = get("/track/no-order").getBody();
		String html = new String(page, StandardCharsets.UTF_8);
		int parts = Stream.of("/tracking/track.css", "/tracking/track.js", "/tracking/track-words.js")
			.mapToInt((path) -> get(path).getBody().length)
			.sum();

		assertThat(page.length + parts).isLessThan(60_000);
		assertThat(html).contains("lang=\"ar\" dir=\"rtl\"")
			.doesNotContainPattern("<script[^>]*>[^<]")
			.doesNotContain("<style", "style=", "onload", "http:", "https:");
		assertThat(get("/track/no-order").getHeaders().getFirst(HttpHeaders.SET_COOKIE)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "/docs/swagger-ui.css,text/css", "/docs/swagger-ui-bundle.js,text/javascript",
			"/docs/docs.js,text/javascript", "/board/board.css,text/css", "/board/words.js,text/javascript" })
	void tellsWhatItsPartsAre(String path, String type) {
		HttpHeaders headers = get(path).getHeaders();

		assertThat(headers.getFirst(HttpHeaders.CONTENT_TYPE)).startsWith(type);
		assertThat(headers.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
	}

	@ParameterizedTest
	@CsvSource({ "/docs/swagger-initializer.js", "/docs/..%2fapplication.yml", "/docs/../application.yml",
			"/board/board.html", "/board/..%2fopenapi.yaml", "/application.yml" })
	void servesNoOtherFile(String path) {
		int status = gateway.exchange(HttpMethod.GET, path, Map.of(), new byte[0])
			.block(GatewayUnderTest.patience())
			.status();

		assertThat(status).isEqualTo(404);
	}

	private static ResponseEntity<byte[]> get(String path) {
		return browser.get()
			.uri(path)
			.exchangeToMono((response) -> response.toEntity(byte[].class))
			.block(GatewayUnderTest.patience());
	}

	private static Set<String> written() {
		return PublishedContract.shared()
			.document()
			.path("paths")
			.propertyStream()
			.flatMap((path) -> path.getValue()
				.propertyNames()
				.stream()
				.map((method) -> method.toUpperCase(Locale.ROOT) + " " + unnamed(path.getKey())))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Set<String> routed() {
		return ServedRoutes.of(gateway.bean("routerFunctionMapping", RouterFunctionMapping.class).getRouterFunction())
			.stream()
			.filter((route) -> route.matches("\\w+ /(v3|orders|console)(/.*)?"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String unnamed(String path) {
		return path.replaceAll("\\{[^}]*}", "{}");
	}

}
