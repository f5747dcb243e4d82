package dz.flexy.gateway.balance;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.AccountId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class BalanceLoopTest {

	private static final AccountId MAIN = new AccountId("main");

	private final SettableClock clock = new SettableClock();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private BigDecimal upstream = new BigDecimal("1000");

	private boolean failing;

	private int calls;

	private final Balance balance = new Balance((account) -> Mono.defer(() -> {
		this.calls++;
		return this.failing ? Mono.error(new IllegalStateException("broken")) : Mono.just(this.upstream);
	}), this.clock);

	private final BalanceLoop loop = new BalanceLoop(this.balance, List.of(MAIN), this.clock, this.meters);

	@BeforeEach
	void begin() {
		this.loop.begin();
	}

	@Test
	void asksOnlyIfNobodyElseHasForFiveMinutes() {
		look(Duration.ZERO);
		look(Duration.ofMinutes(5));
		assertThat(this.calls).isZero();
		assertThat(gauge("gateway.balance")).isNaN();

		look(Duration.ofSeconds(1));
		assertThat(this.calls).isOne();
		assertThat(gauge("gateway.balance")).isEqualTo(1000);

		this.clock.advance(Duration.ofMinutes(4));
		this.balance.shown(MAIN).block();
		look(Duration.ofMinutes(4));
		assertThat(this.calls).isEqualTo(2);
		assertThat(gauge("gateway.balance.age")).isEqualTo(240);
	}

	@Test
	void tellsHowLongItLasts() {
		look(Duration.ofMinutes(6));
		this.upstream = new BigDecimal("400");
		look(Duration.ofMinutes(6));

		assertThat(gauge("gateway.balance.lasts")).isEqualTo(400 / 600.0 * 360);
	}

	@Test
	void goesOnAfterAReadingThatFailed() {
		look(Duration.ofMinutes(6));
		this.failing = true;
		look(Duration.ofMinutes(6));

		assertThat(gauge("gateway.balance")).isEqualTo(1000);
		assertThat(gauge("gateway.balance.age")).isEqualTo(360);
	}

	private void look(Duration later) {
		this.clock.advance(later);
		this.loop.look().block();
	}

	private double gauge(String name) {
		return this.meters.get(name).tag("account", "main").gauge().value();
	}

}
