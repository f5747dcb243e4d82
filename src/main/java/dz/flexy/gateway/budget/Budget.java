package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import io.micrometer.core.instrument.Clock;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Gives out the right to call the upstream, first come first served, paced so that no
 * window sees more than the account's limit.
 */
@Component
public class Budget {

	private final Map<AccountId, Gate> gates = new ConcurrentHashMap<>();

	private final Clock clock;

	Budget(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Waits for a permit. Cancelling leaves the queue and burns nothing.
	 * @param account whose budget
	 * @param lane what the call is for
	 * @param longestWait a longer wait is refused at once, or when it turns out longer
	 * @return exactly one permit, or {@link BudgetExhausted}
	 */
	public Mono<Permit> acquire(Account account, Lane lane, Duration longestWait) {
		return Mono.defer(() -> gate(account).acquire(longestWait));
	}

	/**
	 * Learns from an upstream answer; it can only lower what is left.
	 * @param account whose answer
	 * @param headers what it says
	 */
	public void observe(Account account, RateLimitHeaders headers) {
		gate(account).observe(headers);
	}

	/**
	 * How long a number of calls would take if they were asked for now.
	 * @param account whose budget
	 * @param calls how many
	 * @return zero or more
	 */
	public Duration timeFor(Account account, long calls) {
		return gate(account).timeFor(calls);
	}

	private Gate gate(Account account) {
		return this.gates.computeIfAbsent(account.id(), (id) -> new Gate(account, this.clock::monotonicTime));
	}

}
