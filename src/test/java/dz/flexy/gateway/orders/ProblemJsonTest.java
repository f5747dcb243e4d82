package dz.flexy.gateway.orders;

import java.time.Duration;
import java.util.stream.IntStream;

import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ProblemJsonTest {

	@Test
	void tellsARefusalAgain() {
		ProblemJson json = new ProblemJson(JsonMapper.shared());
		Problem told = Problem.of("ERR_STOCK", 409, "Sold out").detail("left", 0).detail("card", "adsl");

		Problem again = json.read(json.write(told));

		assertThat(again.code()).isEqualTo("ERR_STOCK");
		assertThat(again.status()).isEqualTo(409);
		assertThat(again.message()).isEqualTo("Sold out");
		assertThat(again.details()).isEqualTo(told.details());
	}

	/**
	 * Jackson prepares a type under a lock: event loops must not be the first to ask for
	 * it.
	 */
	@Test
	void theFirstReadersWaitForNobody() {
		Scheduler loops = Schedulers.newParallel("reader", 4);
		try {
			for (int i = 0; i < 300; i++) {
				ProblemJson json = new ProblemJson(JsonMapper.builder().build());
				Flux<Problem> reads = Flux.fromStream(IntStream.range(0, 4).boxed())
					.flatMap((reader) -> Mono.fromCallable(() -> json.read("{\"code\":\"X\",\"details\":{\"a\":1}}"))
						.subscribeOn(loops));
				StepVerifier.create(reads).expectNextCount(4).expectComplete().verify(Duration.ofSeconds(10));
			}
		}
		finally {
			loops.dispose();
		}
	}

}
