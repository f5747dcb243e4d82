package dz.flexy.gateway.account;

import java.time.Duration;
import java.util.Map;

import dz.flexy.gateway.signal.Signals;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Which accounts' sends a person has stopped. The rows are what counts: whatever commits
 * that a first byte leaves reads them in its own statement, so that no send is begun
 * after the stop is stored. What is known here is for those who would begin in vain.
 */
@Component
public class SendStops {

	/** A connection to the database may die without a word; no wait is for ever. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final SendStopStore store;

	private final Signals signals;

	private volatile @Nullable Map<AccountId, SendStop> known;

	SendStops(SendStopStore store, Signals signals) {
		this.store = store;
		this.signals = signals;
	}

	/**
	 * Whether sends of an account are stopped, as known in this process: at most a second
	 * old, or as last known while the database is gone.
	 * @param account which
	 * @return the stop; empty if there is none, also while that cannot be known. Never
	 * fails
	 */
	public Mono<SendStop> of(AccountId account) {
		return Mono.defer(() -> (this.known != null) ? Mono.<Void>empty() : refresh().onErrorComplete())
			.then(Mono.fromSupplier(() -> {
				Map<AccountId, SendStop> stops = this.known;
				return (stops != null) ? stops.get(account) : null;
			}));
	}

	/**
	 * Stops them until {@link #resume}, restarts included. A send whose first byte has
	 * been committed goes on.
	 * @param account which
	 * @param who whose key it is done with
	 * @param requestId of the request that asks for it
	 * @param reason in his words, kept with it
	 * @return the stop; empty, with nothing changed, if they are stopped already
	 */
	public Mono<SendStop> stop(AccountId account, String who, String requestId, String reason) {
		return changed(this.store.stop(account, who, requestId, reason));
	}

	/**
	 * Lets them go on.
	 * @param account which
	 * @param who whose key it is done with
	 * @param requestId of the request that asks for it
	 * @param reason in his words, kept with it
	 * @return the stop that is over; empty if there was none
	 */
	public Mono<SendStop> resume(AccountId account, String who, String requestId, String reason) {
		return changed(this.store.resume(account, who, requestId, reason));
	}

	/** Whether sends are stopped, as far as is known here; asks nobody. */
	boolean isKnown(AccountId account) {
		Map<AccountId, SendStop> stops = this.known;
		return stops != null && stops.containsKey(account);
	}

	/** Reads all rows. */
	Mono<Void> refresh() {
		return this.store.all().timeout(PATIENCE).doOnNext((stops) -> this.known = stops).then();
	}

	/** What another replica hears of within a second, this one knows at once. */
	private Mono<SendStop> changed(Mono<SendStop> write) {
		return write.timeout(PATIENCE).flatMap((stop) -> {
			this.signals.raise(Accounts.CHANGED);
			return refresh().onErrorComplete().thenReturn(stop);
		});
	}

}
