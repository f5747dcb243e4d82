package dz.flexy.gateway.catalog;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dz.flexy.gateway.catalog.Samples.KNOWN;
import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process, whose output is read too")
@ExtendWith(OutputCaptureExtension.class)
class OptionalMemoryTest {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private final FakeMemory memory = new FakeMemory();

	private final OptionalMemory optional = new OptionalMemory(this.memory);

	@Test
	void givesWhatIsRemembered() {
		remember();

		assertThat(this.optional.find("ADSL", "036362608").blockOptional(LIMIT)).isPresent();
	}

	@Test
	void aFailingMemoryKnowsNothingAndKeepsNothing() {
		this.memory.failing = true;

		remember();

		assertThat(this.optional.find("ADSL", "036362608").blockOptional(LIMIT)).isEmpty();
	}

	@Test
	void anOutageIsLoggedOnceAndItsEndToo(CapturedOutput output) {
		this.memory.failing = true;
		remember();
		remember();
		assertThat(output).containsOnlyOnce("numbers are not remembered for now");

		this.memory.failing = false;
		remember();
		remember();
		assertThat(output).containsOnlyOnce("numbers are remembered again");
	}

	@Test
	void aMemoryThatHangsIsGivenUpAfterASecond() {
		NumberMemory hanging = new NumberMemory() {

			@Override
			public Mono<Verdict> find(String type, String number) {
				return Mono.never();
			}

			@Override
			public Mono<Void> remember(String type, String number, Verdict verdict) {
				return Mono.never();
			}

		};

		StepVerifier.withVirtualTime(() -> new OptionalMemory(hanging).find("ADSL", "036362608"))
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(1).minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.expectComplete()
			.verify(LIMIT);
	}

	private void remember() {
		this.optional.remember("ADSL", "036362608", Verdict.of(KNOWN)).block(LIMIT);
	}

}
