package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import io.github.resilience4j.micrometer.tagged.TaggedRateLimiterMetrics;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

import org.springframework.stereotype.Component;

/**
 * Gives out the right to call the upstream. All replicas share one row per account, so
 * that together they never make more calls in any window than the account's limit; the
 * upstream's headers lower that further. Each account's gate stands in a Resilience4j
 * registry, with its events and meters.
 */
@Component
public class Budget {

	private final Map<AccountId, Gate> gates;

	private final MeterRegistry meters;

	private final Clock clock;

	Budget(Accounts accounts, UsageRows rows, Clock clock, MeterRegistry meters) {
		this.meters = meters;
		this.clock = clock;
		this.gates = accounts.all()
			.stream()
			.map((account) -> new Gate(account, rows, clock::monotonicTime))
			.collect(Collectors.toUnmodifiableMap((gate) -> new AccountId(gate.getName()), Function.identity()));
		RateLimiterRegistry registry = RateLimiterRegistry.ofDefaults();
		this.gates.values().forEach((gate) -> {
			registry.rateLimiter(gate.getName());
			registry.replace(gate.getName(), gate);
		});
		TaggedRateLimiterMetrics.ofRateLimiterRegistry(registry).bindTo(meters);
		this.gates.values().forEach((gate) -> meter(gate, meters));
	}

	private static void meter(Gate gate, MeterRegistry meters) {
		BudgetMeter.LEASED.gauge(meters, gate, Gate::leased, "account", gate.getName());
		BudgetMeter.HEADERS_IGNORED.counter(meters, "account", gate.getName());
		for (Lane lane : Lane.values()) {
			BudgetMeter.WAITING.gauge(meters, gate, (one) -> one.waiting(lane), "account", gate.getName(), "lane",
					lane.label());
		}
	}

	/**
	 * Waits for a permit. Earlier lanes go first; each has a share that the others cannot
	 * take. Cancelling leaves the queue and burns nothing.
	 * @param account whose budget
	 * @param lane what the call is for
	 * @param longestWait a wait that can't be met in this time is refused at once, or
	 * when it turns out so
	 * @return exactly one permit, which whoever gets it must close; or
	 * {@link BudgetExhausted}, also if the database cannot be reached: then nothing may
	 * be sent
	 */
	public Mono<Permit> acquire(Account account, Lane lane, Duration longestWait) {
		return Mono.defer(() -> {
			long start = this.clock.monotonicTime();
			return gate(account).acquire(lane, longestWait).doFinally((end) -> waited(account, lane, end, start));
		});
	}

	private void waited(Account account, Lane lane, SignalType end, long start) {
		String outcome = switch (end) {
			case ON_COMPLETE -> "granted";
			case ON_ERROR -> "refused";
			default -> "left";
		};
		BudgetMeter.WAIT.timer(this.meters, "account", account.id().value(), "lane", lane.label(), "outcome", outcome)
			.record(this.clock.monotonicTime() - start, TimeUnit.NANOSECONDS);
	}

	/**
	 * Learns from an upstream answer, for all replicas; it can only lower what is left.
	 * To be told of each answer, also of one without any such headers. What makes no
	 * sense in them is left out and counted.
	 * @param account whose answer
	 * @param headers what it says
	 */
	public void observe(Account account, RateLimitHeaders headers) {
		if (headers.ignored() > 0) {
			BudgetMeter.HEADERS_IGNORED.counter(this.meters, "account", account.id().value())
				.increment(headers.ignored());
		}
		gate(account).observe(headers);
	}

	/**
	 * How long a number of sends would take if they were asked for now, at the least.
	 * @param account whose budget
	 * @param calls how many
	 * @return zero or more
	 */
	public Duration timeFor(Account account, long calls) {
		return gate(account).timeFor(Lane.SEND, calls);
	}

	/**
	 * Whether nearly all of an account's calls are used, by all replicas together.
	 * @param account whose budget
	 * @return whether lookups have to wait for calls to come back, from 114 of 120 on, as
	 * this replica last heard; it hears with each permit
	 */
	public boolean isScarce(Account account) {
		return gate(account).isScarce();
	}

	Collection<Gate> gates() {
		return this.gates.values();
	}

	Gate gate(Account account) {
		return Objects.requireNonNull(this.gates.get(account.id()));
	}

}
