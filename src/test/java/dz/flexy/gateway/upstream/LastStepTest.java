package dz.flexy.gateway.upstream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;

import org.springframework.http.HttpMethod;
import org.springframework.mock.http.client.reactive.MockClientHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class LastStepTest {

	private static final Duration WITHIN = Duration.ofSeconds(2);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final MockClientHttpRequest connection = new MockClientHttpRequest(HttpMethod.POST, "/v3/internet/send");

	private final FirstByte firstByte = new FirstByte();

	private boolean writtenWhenHandedOver;

	private long nanos;

	private boolean permitted = true;

	@Test
	void writesTheBodyAfterTheCommit() {
		PublisherProbe<Void> commit = PublisherProbe.empty();

		StepVerifier.create(step(commit.mono())).verifyComplete();

		commit.assertWasSubscribed();
		assertWritten();
	}

	@Test
	void writesNothingIfTheCommitFails() {
		StepVerifier.create(step(Mono.error(new IllegalStateException("not to be sent"))))
			.expectError(LastStepFailed.class)
			.verify(PATIENCE);

		assertNothingWritten();
	}

	@Test
	void writesNothingWhileTheCommitLasts() {
		StepVerifier.withVirtualTime(() -> step(Mono.never()))
			.expectSubscription()
			.expectNoEvent(WITHIN.minusMillis(1))
			.then(this::assertNothingWritten)
			.thenAwait(Duration.ofMillis(1))
			.expectError(LastStepFailed.class)
			.verify(PATIENCE);

		assertNothingWritten();
	}

	@Test
	void writesNothingIfTheCommitTookTooLong() {
		StepVerifier.create(step(passing(WITHIN.toNanos()))).expectError(LastStepFailed.class).verify(PATIENCE);

		assertNothingWritten();
	}

	@Test
	void writesAtTheLastMoment() {
		StepVerifier.create(step(passing(WITHIN.toNanos() - 1))).verifyComplete();

		assertWritten();
	}

	/** A monotonic clock may begin anywhere and run over. */
	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE - 1, -1, Long.MIN_VALUE })
	void measuresFromAnyBeginning(long beginning) {
		this.nanos = beginning;
		StepVerifier.create(step(passing(WITHIN.toNanos()))).expectError(LastStepFailed.class).verify(PATIENCE);
		assertNothingWritten();

		StepVerifier.create(step(passing(WITHIN.toNanos() - 1))).verifyComplete();
		assertWritten();
	}

	@Test
	void timeBeforeTheCommitDoesNotCount() {
		Mono<Void> step = step(Mono.empty());

		this.nanos += Duration.ofMinutes(1).toNanos();

		StepVerifier.create(step).verifyComplete();
		assertWritten();
	}

	@Test
	void writesNothingWithoutAPermitThatHolds() {
		Mono<Void> losing = Mono.fromRunnable(() -> this.permitted = false);

		StepVerifier.create(step(losing)).expectError(LastStepFailed.class).verify(PATIENCE);

		assertNothingWritten();
	}

	private Mono<Void> step(Mono<Void> commit) {
		this.connection.setWriteHandler((body) -> {
			this.writtenWhenHandedOver = this.firstByte.hasLeft();
			return Mono.when(body);
		});
		return new LastStep(commit, WITHIN, () -> this.nanos)
			.before("body".getBytes(StandardCharsets.UTF_8), () -> this.permitted, this.firstByte)
			.insert(this.connection, null);
	}

	private Mono<Void> passing(long time) {
		return Mono.fromRunnable(() -> this.nanos += time);
	}

	private void assertWritten() {
		assertThat(this.writtenWhenHandedOver).isTrue();
		assertThat(this.connection.isCommitted()).isTrue();
	}

	private void assertNothingWritten() {
		assertThat(this.firstByte.hasLeft()).isFalse();
		assertThat(this.connection.isCommitted()).isFalse();
	}

}
