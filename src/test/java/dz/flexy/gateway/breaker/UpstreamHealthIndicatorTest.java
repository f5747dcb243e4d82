package dz.flexy.gateway.breaker;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.breaker.Breakers.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

class UpstreamHealthIndicatorTest {

	private final Breakers breakers = new Breakers(new SimpleMeterRegistry(), new SettableClock());

	private final UpstreamHealthIndicator indicator = new UpstreamHealthIndicator(this.breakers);

	@Test
	void isUpBeforeAnyCallAndWhileCallsSucceed() {
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);

		call(Verdict.SUCCESS);

		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void isDegradedWhileABreakerIsOpenAndNamesIt() {
		for (int i = 0; i < 10; i++) {
			call(Verdict.FAILURE);
		}

		Health health = this.indicator.health();
		assertThat(health.getStatus()).isEqualTo(new Status("DEGRADED"));
		assertThat(health.getDetails()).containsOnlyKeys("main-internet-send");
		assertThat(health.getDetails().get("main-internet-send").toString()).startsWith("OPEN since ");
	}

	private void call(Verdict verdict) {
		this.breakers
			.guard(new AccountId("main"), Family.INTERNET, Side.SEND, Mono.just("an answer"), (answer) -> verdict)
			.block();
	}

}
