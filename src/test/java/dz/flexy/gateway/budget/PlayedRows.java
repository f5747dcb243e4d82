package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import dz.flexy.gateway.account.AccountId;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The shared row of one account, in virtual time, with the faults of a database. */
final class PlayedRows implements UsageRows {

	/** When virtual time begins, microseconds since 1970. */
	private static final long START = 1_761_698_219_000_000L;

	private final VirtualTimeScheduler time;

	private Usage usage = Usage.none();

	private int exchanges;

	private int collisions;

	private int locks;

	private Duration delay = Duration.ZERO;

	private boolean unreadable;

	private boolean silentWrites;

	PlayedRows(VirtualTimeScheduler time) {
		this.time = time;
	}

	/** So many writes find that another replica was faster. */
	void collide(int times) {
		this.collisions = times;
	}

	/** How often the row was had alone. */
	int locks() {
		return this.locks;
	}

	/** How long a write takes. */
	void slow(Duration duration) {
		this.delay = duration;
	}

	void unreadable(boolean broken) {
		this.unreadable = broken;
	}

	/** What is written is taken in, but nobody is told. */
	void silentWrites(boolean silent) {
		this.silentWrites = silent;
	}

	/** Exchanges that were taken in. */
	int exchanges() {
		return this.exchanges;
	}

	/** Calls that count at present. */
	int charged() {
		return this.usage.charges().values().stream().mapToInt(Integer::intValue).sum();
	}

	/** As another replica would. */
	void elsewhere(Consumer<Usage> work) {
		work.accept(this.usage);
	}

	long now() {
		return START + this.time.now(TimeUnit.MICROSECONDS);
	}

	/** A copy, of which {@link #write} takes over what was made of it. */
	@Override
	public Mono<Row> read(AccountId account) {
		return Mono.defer(() -> this.unreadable ? Mono.error(new IllegalStateException("no database"))
				: Mono.just(new Row(copy(this.usage), 0, now())));
	}

	@Override
	public Mono<Boolean> write(AccountId account, Row row) {
		return Mono.defer(() -> {
			if (this.collisions > 0) {
				this.collisions--;
				return Mono.just(false);
			}
			this.exchanges++;
			this.usage = row.usage();
			return this.silentWrites ? Mono.never()
					: this.delay.isZero() ? Mono.just(true) : Mono.delay(this.delay).thenReturn(true);
		});
	}

	/** The others wait, unless they collide without end. */
	@Override
	public <T> Mono<T> alone(AccountId account, Function<UsageRows, Mono<T>> work) {
		return Mono.defer(() -> {
			this.locks++;
			this.collisions = (this.collisions < Integer.MAX_VALUE / 2) ? 0 : this.collisions;
			return work.apply(this);
		});
	}

	private static Usage copy(Usage usage) {
		return new Usage(usage.charges(), usage.paceDue(), usage.lanesDue(), usage.blockedUntil(), usage.heard(),
				usage.told(), usage.at());
	}

}
