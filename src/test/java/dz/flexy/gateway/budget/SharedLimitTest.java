package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever several replicas do, and however late or broken their word reaches the shared
 * row, the upstream never counts more calls than the limit in any window.
 */
class SharedLimitTest {

	private static final Duration WINDOW = Duration.ofSeconds(60);

	@Property(tries = 150)
	void noWindowSeesMoreThanTheLimit(@ForAll @LongRange long seed, @ForAll @IntRange(min = 1, max = 300) int limit,
			@ForAll @IntRange(min = 1, max = 5) int replicas) {
		PlayedReplicas played = new PlayedReplicas(new Random(seed), Rate.of(limit, WINDOW), replicas);

		played.run(Duration.ofSeconds(200));

		assertThat(played.mostInAnyWindow()).isLessThanOrEqualTo(limit);
	}

	/** What the upstream leaves is left by others who call with the same key. */
	@Property(tries = 100)
	void noTruthfulHeaderIsEverOverrun(@ForAll @LongRange long seed, @ForAll @IntRange(min = 20, max = 200) int limit,
			@ForAll @IntRange(min = 1, max = 4) int replicas, @ForAll @LongRange(min = -5, max = 5) long skewSeconds) {
		PlayedReplicas played = new PlayedReplicas(new Random(seed), Rate.of(limit, WINDOW), replicas)
			.behindHeaders(skewSeconds)
			.withStrangers(limit / 3);

		played.run(Duration.ofSeconds(200));

		assertThat(played.mostInAnyWindow()).isLessThanOrEqualTo(limit);
		assertThat(played.refused()).isLessThanOrEqualTo(played.strangersCalls());
	}

	@Property(tries = 30)
	void nearlyAllOfEachFullWindowIsUsed(@ForAll @LongRange long seed,
			@ForAll @IntRange(min = 1, max = 4) int replicas) {
		PlayedReplicas played = new PlayedReplicas(new Random(seed), Rate.of(120, WINDOW), replicas).calm()
			.behindHeaders(0);

		played.run(Duration.ofSeconds(300));

		assertThat(played.usedInFullWindows()).allSatisfy((used) -> assertThat(used).isBetween(114, 120));
	}

}
