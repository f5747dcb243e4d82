package dz.flexy.gateway;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** That the whole suite fails on a blocking call is itself checked. */
class BlockHoundTest {

	@Test
	void catchesABlockingCallOnAReactorThread() {
		Mono<Boolean> blocking = Mono.fromCallable(() -> new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS))
			.subscribeOn(Schedulers.parallel());

		StepVerifier.create(blocking).expectError(BlockingOperationError.class).verify(Duration.ofSeconds(5));
	}

	/** A name that is nowhere allows nothing and says nothing. */
	@Test
	void allowsMethodsThatExist() throws ClassNotFoundException {
		for (Map.Entry<String, List<String>> waiting : AllowedLocks.WAITING.entrySet()) {
			assertThat(Class.forName(waiting.getKey()).getDeclaredMethods()).extracting(Method::getName)
				.containsAll(waiting.getValue());
		}
	}

}
