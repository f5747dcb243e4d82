package dz.flexy.gateway.account;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KeyFailureTest {

	private static final Duration WINDOW = Duration.ofMinutes(15);

	private static final Instant START = Instant.parse("2026-01-15T10:00:00Z");

	@Test
	void oneBadKeyBarsNoOther() {
		assertThat(bars("new", failure(0, "a"), failure(1, "a"), failure(2, "a"))).isEmpty();
	}

	@Test
	void twoBadKeysBarAThirdUntilOneIsForgotten() {
		assertThat(bars("c", failure(0, "a"), failure(3, "b"))).contains(minute(15));
		assertThat(bars("c", failure(3, "b"), failure(0, "a"))).contains(minute(15));
	}

	@Test
	void theLatestRefusalOfEachKeyCounts() {
		assertThat(bars("c", failure(0, "a"), failure(3, "b"), failure(5, "a"))).contains(minute(18));
	}

	@Test
	void aBadKeyIsNotBarredByAnother() {
		assertThat(bars("b", failure(0, "a"), failure(3, "b"))).isEmpty();
	}

	@Test
	void fourRefusalsBarEveryKeyUntilOneIsForgotten() {
		assertThat(bars("new", failure(0, "a"), failure(1, "a"), failure(2, "a"), failure(3, "a")))
			.contains(minute(15));
		assertThat(bars("a", failure(0, "a"), failure(1, "a"), failure(2, "a"), failure(3, "a"), failure(4, "a")))
			.contains(minute(16));
	}

	@Test
	void theSameKeyInAnotherAccountIsAnother() {
		KeyFailure other = new KeyFailure(START, new KeyId("second", "a"));

		assertThat(KeyFailure.bars(List.of(other, failure(1, "a")), new KeyId("main", "b"), WINDOW)).isPresent();
	}

	private static Optional<Instant> bars(String fingerprint, KeyFailure... failures) {
		return KeyFailure.bars(List.of(failures), new KeyId("main", fingerprint), WINDOW);
	}

	private static KeyFailure failure(int minute, String fingerprint) {
		return new KeyFailure(minute(minute), new KeyId("main", fingerprint));
	}

	private static Instant minute(int minute) {
		return START.plus(Duration.ofMinutes(minute));
	}

}
