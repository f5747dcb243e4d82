package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class GiftCardSendsTest {

	private final GiftCardSends sends = new GiftCardSends();

	private final Sinks.One<String> answer = Sinks.one();

	private final AtomicBoolean stopped = new AtomicBoolean();

	@BeforeEach
	void start() {
		this.sends.start();
	}

	@Test
	void theStopWaitsForASendUnderWay() {
		Mono<String> send = this.sends.run((enter) -> enter.then(this.answer.asMono()));
		StepVerifier.create(send).then(this::stop).then(() -> {
			assertThat(this.stopped).isFalse();
			this.answer.tryEmitValue("done");
		}).expectNext("done").expectComplete().verify(Duration.ofSeconds(5));

		assertThat(this.stopped).isTrue();
	}

	@Test
	void whoeverLeavesDoesNotCutItOff() {
		AtomicBoolean finished = new AtomicBoolean();
		Disposable waiting = this.sends
			.run((enter) -> enter.then(this.answer.asMono()).doOnNext((done) -> finished.set(true)))
			.subscribe();
		waiting.dispose();
		stop();
		assertThat(this.stopped).isFalse();

		this.answer.tryEmitValue("done");

		assertThat(finished).isTrue();
		assertThat(this.stopped).isTrue();
	}

	@Test
	void noneBeginsOnceTheProcessIsBeingStopped() {
		stop();
		assertThat(this.stopped).isTrue();

		StepVerifier.create(this.sends.run((enter) -> enter.thenReturn("begun")))
			.expectError(IllegalStateException.class)
			.verify(Duration.ofSeconds(5));
	}

	@Test
	void theStopDoesNotWaitForWhatHasNotBegun() {
		StepVerifier
			.create(this.sends.run((enter) -> this.answer.asMono().flatMap((permit) -> enter.thenReturn("begun"))))
			.then(this::stop)
			.then(() -> assertThat(this.stopped).isTrue())
			.then(() -> this.answer.tryEmitValue("permit"))
			.expectError(IllegalStateException.class)
			.verify(Duration.ofSeconds(5));
	}

	@Test
	void aFailureEndsItToo() {
		StepVerifier
			.create(this.sends
				.run((enter) -> enter.then(this.answer.asMono()).then(Mono.error(new IllegalStateException("lost")))))
			.then(this::stop)
			.then(() -> this.answer.tryEmitValue("any"))
			.expectError()
			.verify(Duration.ofSeconds(5));

		assertThat(this.stopped).isTrue();
	}

	private void stop() {
		this.sends.stop(() -> this.stopped.set(true));
	}

}
