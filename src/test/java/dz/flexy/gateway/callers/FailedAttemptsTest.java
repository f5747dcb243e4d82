package dz.flexy.gateway.callers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.IntStream;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.problem.InvalidSetting;
import dz.flexy.gateway.problem.Problem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FailedAttemptsTest {

	private static final Duration WINDOW = Duration.ofSeconds(60);

	private final SettableClock clock = new SettableClock();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final FailedAttempts attempts = new FailedAttempts(new FailedAttemptsProperties(3, WINDOW), this.meters,
			this.clock);

	@Test
	void tellsHowManyAreLeftAndThenToWait() {
		assertThat(left("192.0.2.7")).isEqualTo(2);
		assertThat(left("192.0.2.7")).isEqualTo(1);
		this.clock.advance(Duration.ofSeconds(20));
		assertThat(left("192.0.2.7")).isZero();

		Problem refused = unknown("192.0.2.7");

		assertThat(refused.status()).isEqualTo(429);
		assertThat(refused.code()).isEqualTo("RATE_LIMIT_EXCEEDED");
		assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(40));
	}

	@Test
	void whoGoesOnIsNotLockedOutForLonger() {
		use("192.0.2.7", 3);
		this.clock.advance(WINDOW.minusMillis(1));
		assertThat(unknown("192.0.2.7").retryAfter()).isEqualTo(Duration.ofMillis(1));

		this.clock.advance(Duration.ofMillis(1));

		assertThat(left("192.0.2.7")).isEqualTo(2);
	}

	@Test
	void aClockThatIsSetBackMakesNoLongerWindow() {
		use("192.0.2.7", 4);

		this.clock.advance(Duration.ofMinutes(-10));

		assertThat(left("192.0.2.7")).isEqualTo(2);
	}

	@Test
	void countsEachNetworkByItself() {
		use("192.0.2.7", 4);
		use("2001:db8:1:2::1", 3);

		assertThat(left("192.0.2.8")).isEqualTo(2);
		assertThat(left("2001:db8:1:3::1")).isEqualTo(2);
		assertThat(unknown("2001:db8:1:2::2").status()).isEqualTo(429);
	}

	@Test
	void aMissingKeyIsNoAttempt() {
		for (int i = 0; i < 10; i++) {
			assertThat(this.attempts.missing().status()).isEqualTo(401);
		}

		assertThat(left("192.0.2.7")).isEqualTo(2);
	}

	@Test
	void metersByReason() {
		this.attempts.missing();
		use("192.0.2.7", 5);

		assertThat(counted("missing")).isEqualTo(1);
		assertThat(counted("unknown")).isEqualTo(3);
		assertThat(counted("limited")).isEqualTo(2);
	}

	@Test
	void remembersSoManyNetworksAndNoMore() {
		IntStream.range(0, 30_000)
			.forEach((i) -> unknown("10." + (i >> 16) + "." + ((i >> 8) & 255) + "." + (i & 255)));

		assertThat(this.attempts.networks()).isEqualTo(10_000);
	}

	@Test
	void wrongSettingsAreNamed() {
		assertThatExceptionOfType(InvalidSetting.class).isThrownBy(() -> new FailedAttemptsProperties(0, WINDOW))
			.withMessage("gateway.failed-attempts.limit: must be 1 or more, was 0");
		assertThatExceptionOfType(InvalidSetting.class)
			.isThrownBy(() -> new FailedAttemptsProperties(1, Duration.ofMillis(999)))
			.withMessage("gateway.failed-attempts.window: must be 1s or more, was PT0.999S");
	}

	private void use(String address, int times) {
		for (int i = 0; i < times; i++) {
			unknown(address);
		}
	}

	private int left(String address) {
		Problem problem = unknown(address);
		assertThat(problem.status()).isEqualTo(401);
		return ((Number) problem.details().get("attemptsLeft")).intValue();
	}

	private Problem unknown(String address) {
		return this.attempts.unknown(new InetSocketAddress(InetAddress.ofLiteral(address), 1));
	}

	private double counted(String reason) {
		return this.meters.get("gateway.callers.failures").tag("reason", reason).counter().count();
	}

}
