package dz.flexy.gateway.callers;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.lease.Replicas;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class QuotaContentionTest {

	@Test
	void letsThroughWhatTheLimitAllowsWithoutParkingAThread() {
		Quota quota = new Quota(new Caller(new CallerId("shop"), new AccountId("main"), Scope.DEFAULT, 150_000,
				Duration.ofHours(1), Optional.empty()), new Replicas(), Clock.systemUTC());

		StepVerifier
			.create(Flux.range(0, 200_000)
				.parallel(8)
				.runOn(Schedulers.parallel())
				.filter((request) -> quota.take())
				.sequential()
				.count())
			.expectNext(150_000L)
			.expectComplete()
			.verify(Duration.ofSeconds(30));
	}

}
