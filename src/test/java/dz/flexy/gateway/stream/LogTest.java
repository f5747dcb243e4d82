package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.dao.DataAccessResourceFailureException;

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

	private Mono<String> failing(int times) {
		return Mono.fromCallable(() -> {
			if (this.reads.getAndIncrement() < times) {
				throw new DataAccessResourceFailureException("down");
			}
			return "read";
		});
	}

}
