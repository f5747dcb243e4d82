package dz.flexy.gateway.console;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import dz.flexy.gateway.orders.OrderRateStore.Minute;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MinutesTest {

	private static final Instant NOON = Instant.parse("2026-01-15T12:00:00Z");

	private final Minutes minutes = new Minutes();

	@Test
	void countsTheHourOnceAndThenWhatMayStillChange() {
		assertThat(this.minutes.unknown()).isEqualTo(60);
		assertThat(this.minutes.learn(counted(60, NOON, 1))).isTrue();
		assertThat(this.minutes.unknown()).isEqualTo(2);

		assertThat(this.minutes.learn(counted(2, NOON.plusSeconds(60), 5))).isTrue();

		assertThat(this.minutes.from()).isEqualTo(NOON.minus(Duration.ofMinutes(58)));
		assertThat(this.minutes.counts()).hasSize(60).endsWith(1L, 5L, 5L).startsWith(1L);
	}

	@Test
	void beginsAnewAfterAGap() {
		this.minutes.learn(counted(60, NOON, 1));

		assertThat(this.minutes.learn(counted(2, NOON.plusSeconds(180), 5))).isFalse();
		assertThat(this.minutes.unknown()).isEqualTo(60);
	}

	private static List<Minute> counted(int count, Instant last, long orders) {
		return IntStream.range(0, count)
			.mapToObj((i) -> new Minute(last.minus(Duration.ofMinutes(count - 1L - i)), orders))
			.toList();
	}

}
