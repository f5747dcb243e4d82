package dz.flexy.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dz.flexy.gateway.CallTimes.Window;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Times are in seconds, windows 10 s long unless said. */
class CallTimesTest {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private static final Duration LENGTH = Duration.ofSeconds(10);

	@Test
	void aWindowOpensWithACallAndLastsItsLength() {
		assertThat(calls(List.of(3, 4, 12, 13, 30)).windows(LENGTH)).containsExactly(new Window(at(3), 3),
				new Window(at(13), 1), new Window(at(30), 1));
	}

	@Test
	void countsThePeriodBetweenTwoBursts() {
		CallTimes bursts = calls(List.of(0, 0, 0, 11, 11));

		assertThat(bursts.fewest(LENGTH, at(0), at(21))).isZero();
		assertThat(bursts.fewest(LENGTH, at(0), at(10))).isEqualTo(3);
		assertThat(bursts.most(LENGTH)).isEqualTo(3);
	}

	@Test
	void seesPausesAtBothEnds() {
		CallTimes calls = calls(List.of(1, 9, 15, 40));

		assertThat(calls.longestPause(at(8), at(20))).isEqualTo(Duration.ofSeconds(6));
		assertThat(calls.longestPause(at(2), at(10))).isEqualTo(Duration.ofSeconds(7));
		assertThat(calls.longestPause(at(15), at(39))).isEqualTo(Duration.ofSeconds(24));
	}

	@Property
	void fewestAndMostAreWhatASlowCountFinds(
			@ForAll @Size(max = 30) List<@IntRange(min = 0, max = 60) Integer> seconds) {
		CallTimes calls = calls(seconds);
		// Half-second steps meet every period that begins at a call or right after it.
		List<Integer> counts = IntStream.rangeClosed(0, 100).mapToObj((half) -> slowly(seconds, half * 500L)).toList();

		assertThat(calls.fewest(LENGTH, at(0), at(60)))
			.isEqualTo(counts.stream().mapToInt(Integer::intValue).min().orElseThrow());
		assertThat(calls.most(LENGTH))
			.isEqualTo(IntStream.rangeClosed(0, 120).map((half) -> slowly(seconds, half * 500L)).max().orElseThrow());
	}

	@Property
	void windowsHoldEachCallOnceAndDoNotOverlap(
			@ForAll @Size(max = 30) List<@IntRange(min = 0, max = 90) Integer> seconds) {
		List<Window> windows = calls(seconds).windows(LENGTH);

		assertThat(windows.stream().mapToInt(Window::calls).sum()).isEqualTo(seconds.size());
		for (int i = 1; i < windows.size(); i++) {
			assertThat(windows.get(i).opened()).isAfterOrEqualTo(windows.get(i - 1).opened().plus(LENGTH));
		}
		assertThat(windows)
			.allSatisfy((window) -> assertThat(seconds).anyMatch((second) -> at(second).equals(window.opened())));
	}

	private static int slowly(List<Integer> seconds, long beginMillis) {
		return (int) LongStream.range(0, seconds.size())
			.map((i) -> seconds.get((int) i) * 1000L)
			.filter((millis) -> millis >= beginMillis && millis < beginMillis + LENGTH.toMillis())
			.count();
	}

	private static CallTimes calls(List<Integer> seconds) {
		return new CallTimes(seconds.stream().map(CallTimesTest::at).toList());
	}

	private static Instant at(int second) {
		return START.plusSeconds(second);
	}

}
