package dz.flexy.gateway.dispatch;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Sends of gift cards under way. The upstream knows them by no reference, so none is cut
 * off: the stop of this process waits for each to be answered and stored.
 */
@Component
class GiftCardSends implements SmartLifecycle {

	/** Behind the loop that begins them. */
	private static final int PHASE = DEFAULT_PHASE - 8192;

	private final AtomicInteger underWay = new AtomicInteger();

	/** To be run once when none is under way any more. */
	private final AtomicReference<Runnable> whenOver = new AtomicReference<>(() -> {
	});

	private volatile boolean running;

	/**
	 * Runs a send to the end once subscribed, whether or not the subscriber stays.
	 * @param send is given what its commit must begin with: it fails once this process is
	 * being stopped, and the stop waits for whatever came through
	 */
	<T> Mono<T> run(Function<Mono<Void>, Mono<T>> send) {
		return Detached.run(Mono.defer(() -> {
			AtomicBoolean entered = new AtomicBoolean();
			return send.apply(Mono.defer(() -> enter(entered))).doFinally((end) -> {
				if (entered.get()) {
					leave();
				}
			});
		}));
	}

	private Mono<Void> enter(AtomicBoolean entered) {
		this.underWay.incrementAndGet();
		entered.set(true);
		return this.running ? Mono.empty()
				: Mono.error(() -> new IllegalStateException("the process is being stopped"));
	}

	private void leave() {
		this.underWay.decrementAndGet();
		tell();
	}

	private void tell() {
		if (this.underWay.get() == 0 && !this.running) {
			this.whenOver.getAndSet(() -> {
			}).run();
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public void stop(Runnable callback) {
		this.whenOver.set(callback);
		stop();
		tell();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
