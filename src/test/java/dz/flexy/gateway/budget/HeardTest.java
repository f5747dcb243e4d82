package dz.flexy.gateway.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** How long an answer of 429, or one that leaves nothing, makes everybody rest. */
class HeardTest {

	@ParameterizedTest
	@CsvSource({ "200, 1, 30, , 0", "200, 0, 30, , 30", "200, 0, , , 0", "429, 5, 30, 5, 5", "429, 0, 30, 5, 30",
			"429, 0, 30, 60, 60", "429, 5, 30, , 30", "429, , , , 5", "429, 5, 30, 0, 1", "429, 0, 30, 30, 30" })
	void restsForAsLong(int status, String remaining, Long reset, String retryAfter, long seconds) {
		RateLimitHeaders headers = RateLimitHeaders.read(status, Optional.of("120"), Optional.ofNullable(remaining),
				Optional.ofNullable(reset).map(String::valueOf), Optional.ofNullable(retryAfter), Instant.EPOCH,
				Duration.ofMinutes(1));

		Heard heard = Heard.of(headers, Duration.ofMillis(100));

		assertThat(heard.blockedFor()).isEqualTo((seconds > 0) ? seconds * 1_000_000 + 100_000 : 0);
		assertThat(heard.endsIn()).isEqualTo((reset != null) ? reset * 1_000_000 : 0);
	}

}
