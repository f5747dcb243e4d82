package dz.flexy.gateway.upstream;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HttpDatesTest {

	private final HttpDates dates = new HttpDates();

	@Test
	void readsEachAnswersOwnDate() {
		for (int times = 0; times < 2; times++) {
			assertThat(this.dates.read("Sun, 22 Nov 2026 18:00:00 GMT"))
				.contains(Instant.parse("2026-11-22T18:00:00Z"));
			assertThat(this.dates.read("Sun, 22 Nov 2026 18:00:01 GMT"))
				.contains(Instant.parse("2026-11-22T18:00:01Z"));
			assertThat(this.dates.read("yesterday")).isEmpty();
			assertThat(this.dates.read("")).isEmpty();
		}
	}

}
