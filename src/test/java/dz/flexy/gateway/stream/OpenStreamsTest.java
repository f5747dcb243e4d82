package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.Network;
import dz.flexy.gateway.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class OpenStreamsTest {

	private static final CallerId SHOP = new CallerId("shop");

	private static final CallerId OTHER = new CallerId("other");

	private static final Network HERE = new Network("192.0.2.1");

	private static final Network THERE = new Network("192.0.2.2");

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final OpenStreams open = new OpenStreams(
			new StreamProperties(Duration.ofSeconds(15), Duration.ofHours(1), Duration.ofSeconds(60), 2, 3, List.of()),
			this.meters);

	@Test
	void aCallerMayHaveSoMany() {
		this.open.enter(SHOP, HERE, Optional.empty());
		OpenStreams.Visitor second = this.open.enter(SHOP, THERE, Optional.empty());

		assertRefused(SHOP, HERE, "this caller has 2 streams open");
		assertThat(refused("caller")).isOne();
		this.open.leave(second);
		assertThatNoException().isThrownBy(() -> this.open.enter(SHOP, HERE, Optional.empty()));
	}

	@Test
	void anAddressMayHaveSoMany() {
		this.open.enter(SHOP, HERE, Optional.empty());
		this.open.enter(SHOP, HERE, Optional.empty());
		OpenStreams.Visitor third = this.open.enter(OTHER, HERE, Optional.empty());

		assertRefused(OTHER, HERE, "this address has 3 streams open");
		assertThat(refused("address")).isOne();
		this.open.leave(third);
		assertThatNoException().isThrownBy(() -> this.open.enter(OTHER, HERE, Optional.empty()));
	}

	@Test
	void aBrowserMayHaveTwenty() {
		OpenStreams wide = new OpenStreams(new StreamProperties(Duration.ofSeconds(15), Duration.ofHours(1),
				Duration.ofSeconds(60), 100, 100, List.of()), this.meters);
		List<OpenStreams.Visitor> open = IntStream.range(0, 20)
			.mapToObj((i) -> wide.enter(SHOP, HERE, Optional.of("one")))
			.toList();

		assertThatExceptionOfType(Problem.class).isThrownBy(() -> wide.enter(SHOP, HERE, Optional.of("one")))
			.satisfies((problem) -> assertThat(problem.message()).startsWith("this browser has 20 streams open"));
		assertThat(refused("session")).isOne();
		assertThatNoException().isThrownBy(() -> wide.enter(SHOP, HERE, Optional.of("other")));
		wide.leave(open.getFirst());
		assertThatNoException().isThrownBy(() -> wide.enter(SHOP, HERE, Optional.of("one")));
	}

	/** A session that the caller's limit keeps out has not used one of its own up. */
	@Test
	void whoIsRefusedForOthersKeepsHisOwn() {
		this.open.enter(SHOP, HERE, Optional.empty());
		OpenStreams.Visitor second = this.open.enter(SHOP, HERE, Optional.empty());
		for (int i = 0; i < 20; i++) {
			assertThatExceptionOfType(Problem.class).isThrownBy(() -> this.open.enter(SHOP, HERE, Optional.of("one")));
		}
		this.open.leave(second);

		assertThatNoException().isThrownBy(() -> this.open.enter(SHOP, HERE, Optional.of("one")));
	}

	@Test
	void whoIsRefusedIsNotCounted() {
		this.open.enter(SHOP, HERE, Optional.empty());
		this.open.enter(SHOP, HERE, Optional.empty());
		this.open.enter(OTHER, HERE, Optional.empty());
		assertRefused(OTHER, HERE, "this address");
		assertRefused(OTHER, HERE, "this address");

		assertThatNoException().isThrownBy(() -> this.open.enter(OTHER, THERE, Optional.empty()));
		assertThat(this.open.count()).isEqualTo(4);
		assertThat(this.meters.get("gateway.stream.open").gauge().value()).isEqualTo(4);
	}

	private void assertRefused(CallerId caller, Network address, String why) {
		assertThatExceptionOfType(Problem.class).isThrownBy(() -> this.open.enter(caller, address, Optional.empty()))
			.satisfies((problem) -> {
				assertThat(problem.status()).isEqualTo(429);
				assertThat(problem.message()).startsWith(why);
				assertThat(problem.retryAfter()).isPositive();
			});
	}

	private double refused(String limit) {
		return this.meters.counter("gateway.stream.refused", "limit", limit).count();
	}

}
