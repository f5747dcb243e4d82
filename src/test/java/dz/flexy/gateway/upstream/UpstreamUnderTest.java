package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dz.flexy.gateway.ContextStart;
import dz.flexy.gateway.Database;
import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.budget.Budget;
import dz.flexy.gateway.lease.Leases;
import dz.flexy.gateway.lease.LeasesUnderTest;
import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.signal.Signals;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/**
 * The upstream's module with those it needs, on a real database and before a simulator
 * over real HTTP. Waits of the wire are short; budget and breakers are the real ones.
 */
final class UpstreamUnderTest implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/** A minute's; so high that nothing waits for it. */
	private static final int LIMIT = 6000;

	private final UpstreamSimulator simulator;

	private final Database database = Database.fresh();

	private final SettableClock clock = new SettableClock();

	private final GatewaySettings settings;

	private ConfigurableApplicationContext context;

	UpstreamUnderTest(UpstreamSimulator simulator, Map<String, Object> more) {
		this.simulator = simulator;
		this.settings = new GatewaySettings().upstream(simulator.baseUrl(), "sim-key-1")
			.set("gateway.upstream.accounts.main.limit", LIMIT)
			.set("gateway.upstream.connect-timeout", "300ms")
			.set("gateway.upstream.acquire-timeout", "300ms")
			.set("gateway.upstream.response-timeout", "500ms");
		more.forEach(this.settings::set);
		this.context = run();
	}

	static UpstreamUnderTest start() {
		return start(Map.of());
	}

	static UpstreamUnderTest start(Map<String, Object> more) {
		return new UpstreamUnderTest(UpstreamSimulator.builder().limit(LIMIT).start(), more);
	}

	/** The same database, and that setting changed. */
	void restart(String setting, Object value) {
		this.context.close();
		this.settings.set(setting, value);
		this.context = run();
	}

	UpstreamSimulator simulator() {
		return this.simulator;
	}

	SettableClock clock() {
		return this.clock;
	}

	Account account() {
		return bean(Accounts.class).all().iterator().next();
	}

	Standing standing() {
		return bean(Accounts.class).standing(account()).block(PATIENCE);
	}

	Upstream upstream() {
		return bean(Upstream.class);
	}

	Outcome<BigDecimal> balance() {
		return upstream().balance(Call.refresh(account())).block(PATIENCE);
	}

	Mono<Outcome<Receipt>> send(String ref, Mono<Void> commit) {
		Purchase purchase = new Purchase.Internet("ADSL", "036362601", new BigDecimal("1000"), ref);
		return bean(Purchases.class).send(Call.send(account(), Duration.ofSeconds(10)), purchase, commit,
				Duration.ofSeconds(2));
	}

	Outcome<Receipt> send(String ref) {
		return send(ref, Mono.empty()).block(PATIENCE);
	}

	MeterRegistry meters() {
		return bean(MeterRegistry.class);
	}

	/** The breaker's state as its meters tell it, in lower case. */
	String breaker(Side side) {
		return meters().find("resilience4j.circuitbreaker.state")
			.tag("side", side.label())
			.gauges()
			.stream()
			.filter((gauge) -> gauge.value() == 1)
			.map((gauge) -> Objects.requireNonNull(gauge.getId().getTag("state")))
			.findFirst()
			.orElse("never asked");
	}

	/** Calls that the breaker counts, {@code successful} or {@code failed}. */
	long counted(Side side, String kind) {
		return (long) meters().get("resilience4j.circuitbreaker.buffered.calls")
			.tags("side", side.label(), "kind", kind)
			.gauge()
			.value();
	}

	/** Requests that reached the simulator on that path's last word. */
	long requests(String word) {
		return this.simulator.requests().count((request) -> request.path().endsWith("/" + word));
	}

	@Override
	public void close() {
		this.context.close();
		this.simulator.close();
	}

	private <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	private ConfigurableApplicationContext run() {
		List<String> arguments = new ArrayList<>(List.of(this.settings.asArguments()));
		arguments.add("--spring.config.name=none");
		ConfigurableApplicationContext started = ContextStart.alone(
				() -> new SpringApplicationBuilder(Slice.class).web(WebApplicationType.NONE).initializers((context) -> {
					context.getBeanFactory().registerSingleton("clock", this.clock);
					context.getBeanFactory().registerSingleton("database", this.database.client());
				}).run(arguments.toArray(String[]::new)));
		LeasesUnderTest.live(started.getBean(Replicas.class), 1);
		return started;
	}

	/* No @Configuration: scans of this package would find it. */
	@ComponentScan(basePackageClasses = { Upstream.class, Accounts.class, Leases.class, Signals.class, Budget.class,
			Breakers.class })
	@ConfigurationPropertiesScan(
			basePackageClasses = { Upstream.class, Accounts.class, Signals.class, Budget.class, Breakers.class })
	static class Slice {

		@Bean
		io.micrometer.core.instrument.Clock ticks() {
			return io.micrometer.core.instrument.Clock.SYSTEM;
		}

		@Bean
		SecureRandom random() throws NoSuchAlgorithmException {
			SecureRandom random = SecureRandom.getInstance("DRBG");
			random.nextInt();
			return random;
		}

		@Bean
		JsonMapper json() {
			return JsonMapper.shared();
		}

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

	}

}
