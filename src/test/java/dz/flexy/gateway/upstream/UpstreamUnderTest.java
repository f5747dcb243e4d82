package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dz.flexy.gateway.ContextStart;
import dz.flexy.gateway.Database;
import dz.flexy.gateway.FreePort;
import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.budget.Budget;
import dz.flexy.gateway.budget.Lane;
import dz.flexy.gateway.lease.Leases;
import dz.flexy.gateway.lease.LeasesUnderTest;
import dz.flexy.gateway.lease.Replicas;
import dz.flexy.gateway.problem.Spans;
import dz.flexy.gateway.signal.Signals;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The upstream's module with those it needs, on a real database and before a simulator
 * over real HTTP. Waits of the wire are short, but longer than a pause of the machine;
 * budget and breakers are the real ones.
 */
final class UpstreamUnderTest implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final int STARTS = 5;

	/** A minute's; so high that nothing waits for it. */
	private static final int LIMIT = 6000;

	private final UpstreamSimulator simulator;

	private Database database = Database.fresh();

	private final SettableClock clock = new SettableClock();

	private final Ticks ticks = new Ticks();

	/** Calls that take so long to begin that their permits run out. */
	private final AtomicInteger late = new AtomicInteger();

	private final GatewaySettings settings;

	private ConfigurableApplicationContext context;

	UpstreamUnderTest(UpstreamSimulator simulator, Map<String, Object> more) {
		this.simulator = simulator;
		this.settings = new GatewaySettings().upstream(simulator.baseUrl(), "sim-key-1")
			.set("gateway.upstream.accounts.main.limit", LIMIT)
			.set("gateway.upstream.connect-timeout", "1s")
			.set("gateway.upstream.acquire-timeout", "1s")
			.set("gateway.upstream.response-timeout", "3s");
		more.forEach(this.settings::set);
		this.context = run();
	}

	static UpstreamUnderTest start() {
		return start(Map.of());
	}

	static UpstreamUnderTest start(Map<String, Object> more) {
		return new UpstreamUnderTest(UpstreamSimulator.builder().port(FreePort.next()).limit(LIMIT).start(), more);
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

	/** The next so many calls take 10 s from their permit to their first byte. */
	void beginLate(int calls) {
		this.late.set(calls);
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

	/**
	 * The first call, which has the key checked. On a busy machine it may take longer
	 * than the short waits; then all is started afresh, so that nothing is counted yet.
	 * @return its outcome, of the last start
	 */
	Outcome<BigDecimal> passTheKeyCheck() {
		Outcome<BigDecimal> first = balance();
		for (int i = 1; i < STARTS && !(first instanceof Outcome.Success); i++) {
			this.context.close();
			this.database = Database.fresh();
			this.context = run();
			first = balance();
		}
		return first;
	}

	Mono<Outcome<Receipt>> send(String ref, Mono<Void> commit) {
		Purchase purchase = new Purchase.Internet("ADSL", "036362601", new BigDecimal("1000"), ref);
		return bean(Purchases.class).send(Call.send(account(), Duration.ofSeconds(10)), purchase, commit, PATIENCE);
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
					context.getBeanFactory().registerSingleton("ticks", this.ticks);
					context.getBeanFactory().addBeanPostProcessor(new LateConnections(context, this.late, this.ticks));
					context.getBeanFactory().registerSingleton("database", this.database.client());
				}).run(arguments.toArray(String[]::new)));
		LeasesUnderTest.live(started.getBean(Replicas.class), 1);
		return started;
	}

	/* No @Configuration: scans of this package would find it. */
	@ComponentScan(basePackageClasses = { Upstream.class, Accounts.class, Leases.class, Signals.class, Budget.class,
			Breakers.class })
	@Import(Spans.class)
	@ConfigurationPropertiesScan(
			basePackageClasses = { Upstream.class, Accounts.class, Signals.class, Budget.class, Breakers.class })
	static class Slice {

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

	/** The system's, which can be set on. */
	private static final class Ticks implements Clock {

		private final AtomicLong ahead = new AtomicLong();

		void pass(Duration time) {
			this.ahead.addAndGet(time.toNanos());
		}

		@Override
		public long wallTime() {
			return Clock.SYSTEM.wallTime();
		}

		@Override
		public long monotonicTime() {
			return Clock.SYSTEM.monotonicTime() + this.ahead.get();
		}

	}

	private record LateConnections(BeanFactory beans, AtomicInteger late, Ticks ticks) implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (bean instanceof Connections) ? new Connections(this.beans.getBean(UpstreamProperties.class)) {
				@Override
				WebClient client(Lane lane) {
					return super.client(lane).mutate().filter(LateConnections.this::pass).build();
				}
			} : bean;
		}

		private Mono<ClientResponse> pass(ClientRequest request, ExchangeFunction next) {
			if (this.late.getAndUpdate((left) -> Math.max(left - 1, 0)) > 0) {
				this.ticks.pass(Duration.ofSeconds(10));
			}
			return next.exchange(request);
		}

	}

}
