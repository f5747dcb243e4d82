package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import dz.flexy.gateway.signal.Closing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.StepVerifier.Step;
import reactor.test.publisher.TestPublisher;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class EventStreamTest {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Duration BEAT = Duration.ofSeconds(15);

	private static final Duration ALMOST = Duration.ofMillis(14_999);

	private static final Duration TICK = Duration.ofMillis(1);

	private static final Predicate<Frame> GREETING = matching("retry: [2-5]\\d{3}\n");

	private static final Predicate<Frame> FAREWELL = matching("retry: [2-5]\\d{3}\n\n");

	private static final Predicate<Frame> HEARTBEAT = matching(":\n\n");

	private static final Frame EVENT = Frame.event("status", 1, "{}");

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final Closing closing = new Closing(this.context);

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final AtomicInteger abandoned = new AtomicInteger();

	private final Sinks.Empty<Void> ended = Sinks.empty();

	private final Sinks.Many<Frame> frames = Sinks.many().unicast().onBackpressureBuffer();

	@Test
	void greetsAtOnceWithATimeToComeBackAfter() {
		opened().thenCancel().verify(LIMIT);
	}

	@Test
	void beatsWhileNothingHappensAndNotBefore() {
		opened().expectNoEvent(ALMOST)
			.thenAwait(TICK)
			.expectNextMatches(HEARTBEAT)
			.expectNoEvent(ALMOST)
			.thenAwait(TICK)
			.expectNextMatches(HEARTBEAT)
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void beatsBetweenEventsToo() {
		opened().thenAwait(ALMOST)
			.then(() -> this.frames.tryEmitNext(EVENT))
			.expectNext(EVENT)
			.thenAwait(TICK)
			.expectNextMatches(HEARTBEAT)
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void endsWithItsEventsAndAsksNobodyBack() {
		opened().then(() -> this.frames.tryEmitNext(EVENT))
			.then(this.frames::tryEmitComplete)
			.expectNext(EVENT)
			.expectNextMatches((frame) -> frame == Frame.END)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void livesForAboutItsLifetime() {
		Duration shortest = Duration.ofMinutes(54);
		Duration longest = Duration.ofMinutes(66);

		whole(1).expectNextMatches(GREETING)
			.thenAwait(shortest.minus(TICK))
			.expectNextCount(shortest.minus(TICK).dividedBy(BEAT))
			.thenAwait(longest.minus(shortest).plus(TICK))
			.thenConsumeWhile(HEARTBEAT)
			.expectNextMatches(FAREWELL)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.abandoned).hasValue(0);
	}

	@Test
	void streamsOpenedTogetherAreNotEndedTogether() {
		assertThat(lifetime(1)).isNotEqualTo(lifetime(2));
	}

	@Test
	void endsWhenTheGatewayStops() {
		opened().then(this::stop).expectNextMatches(FAREWELL).expectComplete().verify(LIMIT);
		assertThat(this.abandoned).hasValue(0);
	}

	@Test
	void aStreamOpenedWhileTheGatewayStopsEndsAtOnce() {
		stop();

		opened().expectNextMatches(FAREWELL).expectComplete().verify(LIMIT);
	}

	@Test
	void endsWithItsAuthority() {
		opened().then(this.ended::tryEmitEmpty).expectNextMatches(FAREWELL).expectComplete().verify(LIMIT);
		assertThat(this.abandoned).hasValue(0);
	}

	@Test
	void theEndOfAnotherContextEndsNothing() {
		opened().then(() -> this.closing.closed(new ContextClosedEvent(new GenericApplicationContext())))
			.expectNoEvent(ALMOST)
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void aReaderThatTakesNothingIsCutOff() {
		unread().thenRequest(1)
			.expectNextMatches(GREETING)
			.expectNoEvent(BEAT.multipliedBy(4))
			.thenAwait(BEAT)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.abandoned).hasValue(1);
		assertThat(cut("unread")).isOne();
	}

	@Test
	void aReaderThatTakesSomethingNowAndThenStays() {
		unread().thenRequest(1)
			.expectNextMatches(GREETING)
			.thenAwait(BEAT.multipliedBy(4))
			.thenRequest(1)
			.expectNextMatches(HEARTBEAT)
			.thenAwait(BEAT.multipliedBy(3))
			.thenRequest(1)
			.expectNextMatches(HEARTBEAT)
			.thenCancel()
			.verify(LIMIT);
		assertThat(this.abandoned).hasValue(0);
	}

	@Test
	void aReaderThatDoesNotReadCannotHoldUpTheStop() {
		unread().thenRequest(1)
			.expectNextMatches(GREETING)
			.then(this::stop)
			.expectNoEvent(Duration.ofMillis(999))
			.thenAwait(TICK)
			.expectComplete()
			.verify(LIMIT);
		assertThat(this.abandoned).hasValue(1);
		assertThat(cut("farewell")).isOne();
		assertThat(cut("unread")).isZero();
	}

	@Test
	void aClientThatLeavesReleasesEverything() {
		TestPublisher<Frame> events = TestPublisher.create();

		StepVerifier
			.withVirtualTime(() -> stream(1).whole(events.flux(), this.ended.asMono(), this.abandoned::incrementAndGet))
			.expectNextMatches(GREETING)
			.then(() -> events.next(EVENT))
			.expectNext(EVENT)
			.thenCancel()
			.verify(LIMIT);

		events.assertCancelled();
		assertThat(this.abandoned).hasValue(0);
	}

	@Test
	void aFailureOfTheEventsEndsTheStream() {
		opened().then(() -> this.frames.tryEmitError(new IllegalStateException("wrong")))
			.expectError(IllegalStateException.class)
			.verify(LIMIT);
	}

	@Test
	void streamsOpenedAtDifferentTimesBeatAtDifferentTimes() {
		Duration later = Duration.ofMillis(5250);
		StepVerifier.withVirtualTime(() -> {
			EventStream stream = stream(1);
			Flux<Frame> earlier = stream.whole(Flux.never(), Mono.never(), this.abandoned::incrementAndGet)
				.filter((frame) -> false);
			return earlier.mergeWith(
					stream.whole(Flux.never(), Mono.never(), this.abandoned::incrementAndGet).delaySubscription(later));
		})
			.expectSubscription()
			.thenAwait(later)
			.expectNextMatches(GREETING)
			.expectNoEvent(Duration.ofMillis(14_749))
			.thenAwait(TICK)
			.expectNextMatches(HEARTBEAT)
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void countsWhatIsToldButNoHeartbeats() {
		opened().then(() -> this.frames.tryEmitNext(EVENT))
			.expectNext(EVENT)
			.thenAwait(BEAT)
			.expectNextMatches(HEARTBEAT)
			.thenCancel()
			.verify(LIMIT);

		assertThat(this.meters.counter("gateway.stream.events").count()).isOne();
	}

	private double cut(String reason) {
		return this.meters.counter("gateway.stream.cut", "reason", reason).count();
	}

	private Step<Frame> opened() {
		return whole(1).expectNextMatches(GREETING);
	}

	private Step<Frame> whole(long seed) {
		return StepVerifier.withVirtualTime(
				() -> stream(seed).whole(this.frames.asFlux(), this.ended.asMono(), this.abandoned::incrementAndGet))
			.expectSubscription();
	}

	private Step<Frame> unread() {
		return StepVerifier.withVirtualTime(
				() -> stream(1).whole(this.frames.asFlux(), this.ended.asMono(), this.abandoned::incrementAndGet), 0)
			.expectSubscription();
	}

	/** How many frames a stream lasts. */
	private long lifetime(long seed) {
		AtomicInteger taken = new AtomicInteger();
		StepVerifier
			.withVirtualTime(() -> stream(seed, Duration.ofSeconds(1))
				.whole(Flux.never(), this.ended.asMono(), this.abandoned::incrementAndGet)
				.doOnNext((frame) -> taken.incrementAndGet()))
			.expectSubscription()
			.thenAwait(Duration.ofMinutes(66))
			.thenConsumeWhile((frame) -> true)
			.expectComplete()
			.verify(LIMIT);
		return taken.get();
	}

	private EventStream stream(long seed) {
		return stream(seed, BEAT);
	}

	private EventStream stream(long seed, Duration heartbeat) {
		StreamProperties properties = new StreamProperties(heartbeat, Duration.ofHours(1), Duration.ofSeconds(60), 1, 1,
				List.of());
		return new EventStream(properties, new Heartbeats(properties), this.closing,
				new OpenStreams(properties, this.meters), new StreamMeters(this.meters), new Random(seed));
	}

	private void stop() {
		this.closing.closed(new ContextClosedEvent(this.context));
	}

	private static Predicate<Frame> matching(String pattern) {
		return (frame) -> frame.toString().matches(pattern);
	}

}
