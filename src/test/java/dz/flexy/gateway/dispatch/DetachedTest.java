package dz.flexy.gateway.dispatch;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;

class DetachedTest {

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	@Test
	void goesOnWhenNobodyWaitsAnyMore() {
		TestPublisher<String> commit = TestPublisher.create();
		PublisherProbe<String> afterwards = PublisherProbe.of(Mono.just("stored"));
		Disposable waiting = Detached.run(commit.mono().then(afterwards.mono())).subscribe();

		waiting.dispose();
		commit.assertNotCancelled();
		commit.complete();

		afterwards.assertWasSubscribed();
		afterwards.assertWasNotCancelled();
	}

	@Test
	void tellsWhoeverWaitsWhatCameOfIt() {
		StepVerifier.create(Detached.run(Mono.just("stored"))).expectNext("stored").expectComplete().verify(PATIENCE);
		StepVerifier.create(Detached.run(Mono.error(new IllegalStateException("lost"))))
			.expectErrorMessage("lost")
			.verify(PATIENCE);
	}

	@Test
	void doesNothingUntilSubscribed() {
		PublisherProbe<String> work = PublisherProbe.empty();

		Mono<String> detached = Detached.run(work.mono());
		work.assertWasNotSubscribed();

		assertThat(detached.blockOptional()).isEmpty();
		work.assertWasSubscribed();
	}

	@Test
	void takesTheContextAlong() {
		Mono<String> work = Mono.deferContextual((context) -> Mono.just(context.get("request")));

		StepVerifier.create(Detached.run(work).contextWrite((context) -> context.put("request", "req-1")))
			.expectNext("req-1")
			.expectComplete()
			.verify(PATIENCE);
	}

}
