package dz.flexy.gateway.stream;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class LogTest {

	private final AtomicInteger reads = new AtomicInteger();

	@Test
	void readsAgainUntilTheDatabaseIsBack() {
		StepVerifier.withVirtualTime(() -> new Log().patiently(failing(20)))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(50))
			.thenAwait(Duration.ofMinutes(3))
			.expectNext("read")
			.expectComplete()
			.verify(Duration.ofSeconds(5));
	}

	@Test
	void aFaultOfOursIsNotTriedAgain() {
		StepVerifier.create(new Log().patiently(Mono.error(new IllegalStateException("wrong"))))
			.expectError(IllegalStateException.class)
			.verify(Duration.ofSeconds(5));
	}

	@Test
	void whatWasReadDoesNotKeepItsReading() {
		for (boolean patiently : List.of(true, false)) {
			AtomicReference<byte[]> rows = new AtomicReference<>(new byte[1]);
			WeakReference<byte[]> kept = new WeakReference<>(rows.get());
			Log log = new Log();
			Disposable stream = Mono.defer(() -> {
				Mono<String> read = reading(rows.getAndSet(null));
				return patiently ? log.patiently(read) : log.once(read);
			}).flatMap((told) -> Mono.never()).subscribe();

			await(kept);

			stream.dispose();
		}
	}

	/** What a driver's rows are to a query. */
	private static Mono<String> reading(byte[] rows) {
		return Mono.just("told").map((told) -> told + rows.length);
	}

	private static void await(WeakReference<?> kept) {
		Flux.interval(Duration.ofMillis(20))
			.doOnNext((look) -> System.gc())
			.filter((look) -> kept.get() == null)
			.next()
			.block(Duration.ofSeconds(5));
	}

	@Test
	void aDatabaseThatDoesNotAnswerIsToldAsSuch() {
		StepVerifier.withVirtualTime(() -> new Log().once(Mono.never()))
			.expectSubscription()
			.thenAwait(Duration.ofSeconds(10))
			.verifyError(QueryTimeoutException.class);
	}

	@Test
	void onlySoManyReadAtOnceAndWhoLeavesGivesUpHisTurn() {
		Log log = new Log();
		AtomicInteger reading = new AtomicInteger();
		Mono<String> endless = Mono.<String>never().doOnSubscribe((begun) -> reading.incrementAndGet());

		List<Disposable> readers = IntStream.range(0, 20).mapToObj((i) -> log.once(endless).subscribe()).toList();
		assertThat(reading).hasValue(10);
		readers.subList(0, 5).forEach(Disposable::dispose);

		assertThat(reading).hasValue(15);
		readers.forEach(Disposable::dispose);
	}

	private Mono<String> failing(int times) {
		return Mono.fromCallable(() -> {
			if (this.reads.getAndIncrement() < times) {
				throw new DataAccessResourceFailureException("down");
			}
			return "read";
		});
	}

}
