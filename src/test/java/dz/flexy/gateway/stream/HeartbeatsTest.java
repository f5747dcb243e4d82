package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;

class HeartbeatsTest {

	private static final Duration BEAT = Duration.ofSeconds(15);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int READERS = 3;

	private static final int TIMES = 200_000;

	/** Few readers, so that each is the last who leaves again and again. */
	@Test
	void whoJoinsAsTheLastLeavesIsNotCutOff() {
		Heartbeats heartbeats = heartbeats();
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
			List<CompletableFuture<Void>> read = Stream
				.generate(() -> CompletableFuture.runAsync(() -> comeAndGo(heartbeats, failures), readers))
				.limit(READERS)
				.toList();

			assertThat(read).allSatisfy((reader) -> assertThat(reader).succeedsWithin(PATIENCE));
		}

		assertThat(failures).isEmpty();
	}

	private static void comeAndGo(Heartbeats heartbeats, Queue<Throwable> failures) {
		for (int i = 0; i < TIMES; i++) {
			Disposable stream = heartbeats.beats().onBackpressureDrop().subscribe(null, failures::add);
			for (int stays = i % 64; stays > 0; stays--) {
				Thread.onSpinWait();
			}
			stream.dispose();
		}
	}

	private static Heartbeats heartbeats() {
		return new Heartbeats(new StreamProperties(BEAT, Duration.ofHours(1), Duration.ofSeconds(60), 1, 1, List.of()));
	}

}
