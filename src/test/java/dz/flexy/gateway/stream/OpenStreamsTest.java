package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;

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
		this.open.enter(SHOP, HERE);
		OpenStreams.Visitor second = this.open.enter(SHOP, THERE);

		assertRefused(SHOP, HERE, "this caller has 2 streams open");
		assertThat(refused("caller")).isOne();
		this.open.leave(second);
		assertThatNoException().isThrownBy(() -> this.open.enter(SHOP, HERE));
	}

	@Test
	void anAddressMayHaveSoMany() {
		this.open.enter(SHOP, HERE);
		this.open.enter(SHOP, HERE);
		OpenStreams.Visitor third = this.open.enter(OTHER, HERE);

		assertRefused(OTHER, HERE, "this address has 3 streams open");
		assertThat(refused("address")).isOne();
		this.open.leave(third);
		assertThatNoException().isThrownBy(() -> this.open.enter(OTHER, HERE));
	}

	@Test
	void whoIsRefusedIsNotCounted() {
		this.open.enter(SHOP, HERE);
		this.open.enter(SHOP, HERE);
		this.open.enter(OTHER, HERE);
		assertRefused(OTHER, HERE, "this address");
		assertRefused(OTHER, HERE, "this address");

		assertThatNoException().isThrownBy(() -> this.open.enter(OTHER, THERE));
		assertThat(this.open.count()).isEqualTo(4);
		assertThat(this.meters.get("gateway.stream.open").gauge().value()).isEqualTo(4);
	}

	private void assertRefused(CallerId caller, Network address, String why) {
		assertThatExceptionOfType(Problem.class).isThrownBy(() -> this.open.enter(caller, address))
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
