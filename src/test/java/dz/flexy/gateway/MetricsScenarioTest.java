package dz.flexy.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dz.flexy.gateway.OurMeters.Declared;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** A scrape of a gateway that has worked shows what the modules declare, and no more. */
@TestInstance(Lifecycle.PER_CLASS)
class MetricsScenarioTest {

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");

	private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? (\\S+)");

	private static final Pattern TAG = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

	/** What stands for many is closed too: these are all that this gateway can know. */
	private static final Map<String, Pattern> NAMES = Map.of("<account>", Pattern.compile("main"), "<caller>",
			Pattern.compile("shop|other"), "<breaker>",
			Pattern.compile("main-(internet|mobile|gift-cards|other)-(read|send)"), "<endpoint>",
			Pattern.compile("ping|validate|account\\.[a-z]+|(internet|mobile|gift-cards|ocpay|bills)\\.[A-Za-z-]+"),
			"<route>", Pattern.compile("(/[a-z0-9{}-]+)+|UNKNOWN|NOT_FOUND"), "<method>", Pattern.compile("GET|POST"),
			"<status>", Pattern.compile("\\d{3}"), "<class>", Pattern.compile("none|[A-Z][A-Za-z]+"));

	private GatewayUnderTest gateway;

	private List<Sample> samples;

	private Map<String, String> types;

	@BeforeAll
	void work() {
		this.gateway = GatewayUnderTest.start(Map.of("gateway.callers.shop.window", "1h"));
		String delivered = await(this.gateway.send("036368081", "delivered")).topupId();
		String paidBack = await(this.gateway.send("036368083", "paid back")).topupId();
		await(this.gateway.send("036368089", "open"));
		await(this.gateway.end(delivered));
		await(this.gateway.end(paidBack));
		List.of("/v3/account/balance", "/v3/account/balance", "/orders", "/v3/ping", "/v3/nowhere", "/nowhere")
			.forEach((path) -> await(this.gateway.get(path)));
		awaitThat(() -> value("gateway_orders_open", Map.of("family", "internet", "state", "HANDLING")) == 1);
		scrape();
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	@Test
	void showsEachMeterThatIsDeclared() {
		assertThat(OurMeters.all().map(Declared::prometheus)).isNotEmpty()
			.allSatisfy((name) -> assertThat(this.types).containsKey(name));
	}

	@Test
	void showsNoneOfOursThatIsNot() {
		Set<String> declared = OurMeters.all().map(Declared::prometheus).collect(Collectors.toSet());

		assertThat(this.types.keySet()
			.stream()
			.filter((name) -> name.startsWith("gateway_") || name.startsWith("resilience4j_"))
			.map((name) -> name.replaceAll("_max$", ""))).isNotEmpty().allMatch(declared::contains);
	}

	@Test
	void itsTagsAreThoseThatAreDeclared() {
		Map<String, Map<String, Set<String>>> declared = new HashMap<>();
		OurMeters.all().forEach((meter) -> meter.tags().forEach((tag, values) -> {
			declared.computeIfAbsent(meter.prometheus(), (name) -> new HashMap<>())
				.computeIfAbsent(tag, (name) -> new TreeSet<>())
				.addAll(values);
		}));
		Set<String> known = OurMeters.all().map(Declared::prometheus).collect(Collectors.toSet());
		List<Sample> ours = this.samples.stream()
			.filter((sample) -> known.contains(sample.family()) && !sample.name().endsWith("_bucket"))
			.toList();

		assertThat(ours).hasSizeGreaterThan(100).allSatisfy((sample) -> {
			Map<String, Set<String>> tags = declared.getOrDefault(sample.family(), Map.of());
			assertThat(sample.tags().keySet()).isEqualTo(tags.keySet());
			assertThat(sample.tags()).allSatisfy((tag, value) -> assertThat(tags.get(tag))
				.anyMatch((allowed) -> allowed.equals(value) || isOneOf(allowed, value)));
		});
	}

	/** A send whose permit ran out before its first byte is begun anew. */
	@Test
	void ordersAreCountedTimedAndSeenOpen() {
		assertThat(value("gateway_orders_entered_total", Map.of("family", "internet", "state", "ACCEPTED")))
			.isGreaterThanOrEqualTo(3)
			.isEqualTo(times("ACCEPTED"));
		assertThat(value("gateway_orders_entered_total", Map.of("family", "internet", "state", "REFUNDED"))).isOne();
		Map<String, String> fulfilled = Map.of("family", "internet", "state", "FULFILLED");
		assertThat(value("gateway_orders_time_to_final_seconds_count", fulfilled)).isOne();
		assertThat(value("gateway_orders_time_to_final_seconds_bucket",
				Map.of("family", "internet", "state", "FULFILLED", "le", "45.0")))
			.isOne();
		double whole = value("gateway_orders_time_to_final_seconds_sum", fulfilled);
		assertThat(whole).isBetween(0.01, 30.0);
		double accepted = value("gateway_orders_time_in_state_seconds_sum",
				Map.of("family", "internet", "state", "ACCEPTED"));
		double sending = value("gateway_orders_time_in_state_seconds_sum",
				Map.of("family", "internet", "state", "SENDING"));
		assertThat(accepted).isPositive();
		assertThat(sending).isPositive();
		assertThat(
				value("gateway_orders_time_in_state_seconds_count", Map.of("family", "internet", "state", "SENDING")))
			.isGreaterThanOrEqualTo(3)
			.isEqualTo(times("SENDING"));
		assertThat(value("gateway_orders_oldest_seconds", Map.of("family", "internet", "state", "HANDLING")))
			.isBetween(0.0, 60.0);
		assertThat(value("gateway_orders_open", Map.of("family", "mobile", "state", "HANDLING"))).isZero();
	}

	@Test
	void theRestTellsWhatHappened() {
		assertThat(value("gateway_account_standing", Map.of("account", "main", "standing", "active"))).isOne();
		assertThat(value("gateway_account_standing", Map.of("account", "main", "standing", "stopped"))).isZero();
		assertThat(value("gateway_budget_limit", Map.of("account", "main"))).isEqualTo(200);
		assertThat(value("gateway_budget_wait_seconds_count",
				Map.of("account", "main", "lane", "send", "outcome", "granted")))
			.isGreaterThanOrEqualTo(3);
		assertThat(value("gateway_balance_dzd", Map.of("account", "main"))).isPositive();
		assertThat(value("gateway_cache_requests_total", Map.of("cache", "balance", "result", "hit"))).isPositive();
		assertThat(value("gateway_cache_requests_total", Map.of("cache", "balance", "result", "read"))).isPositive();
		assertThat(value("gateway_callers_requests_total", Map.of("caller", "shop", "outcome", "admitted")))
			.isGreaterThan(5);
		assertThat(value("gateway_callers_quota_left", Map.of("caller", "shop")))
			.isLessThan(value("gateway_callers_quota", Map.of("caller", "shop")));
		assertThat(value("gateway_replicas_live", Map.of())).isOne();
		assertThat(value("gateway_dispatch_hold", Map.of())).isZero();
	}

	private static boolean isOneOf(String placeholder, String value) {
		Pattern names = NAMES.get(placeholder);
		return names != null && names.matcher(value).matches();
	}

	private double value(String name, Map<String, String> tags) {
		if (this.samples == null) {
			return Double.NaN;
		}
		return this.samples.stream()
			.filter((sample) -> sample.name().equals(name) && sample.tags().equals(tags))
			.mapToDouble(Sample::value)
			.findFirst()
			.orElse(Double.NaN);
	}

	/** How often the ledger has it that an order came to that state. */
	private double times(String state) {
		return await(this.gateway.database()
			.client()
			.sql("select count(*) from orders_event where state = :state")
			.bind("state", state)
			.mapValue(Long.class)
			.one());
	}

	private void awaitThat(BooleanSupplier condition) {
		await(Flux.interval(Duration.ofMillis(200))
			.onBackpressureDrop()
			.concatMap((look) -> read().doOnNext(this::read))
			.takeUntil((page) -> condition.getAsBoolean())
			.then());
	}

	private void scrape() {
		read(await(read()));
	}

	private Mono<String> read() {
		return WebClient.create()
			.get()
			.uri(URI.create(this.gateway.managementUri() + "/actuator/prometheus"))
			.retrieve()
			.bodyToMono(String.class);
	}

	private void read(String page) {
		Map<String, String> found = new LinkedHashMap<>();
		page.lines()
			.map(TYPE::matcher)
			.filter(Matcher::matches)
			.forEach((type) -> found.put(type.group(1), type.group(2)));
		this.types = found;
		this.samples = page.lines()
			.filter((line) -> !line.startsWith("#"))
			.map(SAMPLE::matcher)
			.filter(Matcher::matches)
			.map((line) -> sample(line, found))
			.toList();
	}

	private static Sample sample(Matcher line, Map<String, String> types) {
		Map<String, String> tags = new LinkedHashMap<>();
		if (line.group(2) != null) {
			TAG.matcher(line.group(2)).results().forEach((tag) -> tags.put(tag.group(1), tag.group(2)));
		}
		String name = line.group(1);
		String family = Stream.of(name, name.replaceAll("_(count|sum|max|bucket)$", ""))
			.filter(types::containsKey)
			.map((known) -> known.replaceAll("_seconds_max$", "_seconds"))
			.findFirst()
			.orElse(name);
		return new Sample(name, family, tags, Double.parseDouble(line.group(3)));
	}

	private static <T> T await(Mono<T> result) {
		return result.block(PATIENCE);
	}

	/**
	 * One line.
	 *
	 * @param family the declared name that it belongs to
	 */
	private record Sample(String name, String family, Map<String, String> tags, double value) {
	}

}
