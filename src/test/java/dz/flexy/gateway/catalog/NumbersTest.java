package dz.flexy.gateway.catalog;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import static dz.flexy.gateway.catalog.Samples.DOWN;
import static dz.flexy.gateway.catalog.Samples.KNOWN;
import static dz.flexy.gateway.catalog.Samples.LINE;
import static dz.flexy.gateway.catalog.Samples.MAIN;
import static dz.flexy.gateway.catalog.Samples.NO_PERMIT;
import static dz.flexy.gateway.catalog.Samples.NO_SUCH_NUMBER;
import static org.assertj.core.api.Assertions.assertThat;

class NumbersTest {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private static final Inquiry INQUIRY = new Inquiry(MAIN, "ADSL", "036362608", false);

	private final SettableClock clock = new SettableClock();

	private final FakeSource source = new FakeSource();

	private final FakeMemory memory = new FakeMemory();

	private final Numbers numbers = new Numbers(this.source, this.memory, this.clock);

	@Test
	void identicalQuestionsInFlightAreOneCall() {
		Sinks.One<Outcome<NumberCheck>> answer = Sinks.one();
		this.source.number = answer.asMono();

		CompletableFuture<Verdict> one = this.numbers.verdict(INQUIRY).toFuture();
		CompletableFuture<Verdict> other = this.numbers.verdict(INQUIRY).toFuture();
		answer.emitValue(KNOWN, Sinks.EmitFailureHandler.FAIL_FAST);

		assertThat(one).isCompletedWithValue(new Verdict.Known(LINE, Verdict.KNOWN_FOR));
		assertThat(other).isCompletedWithValue(new Verdict.Known(LINE, Verdict.KNOWN_FOR));
		assertThat(this.source.inquiries).hasSize(1);
	}

	@Test
	void aKnownNumberIsToldForADay() {
		this.source.number = Mono.just(KNOWN);
		verdict();
		this.memory.verdicts.clear();

		this.clock.advance(Duration.ofHours(24));
		verdict();
		assertThat(this.source.inquiries).hasSize(1);

		this.clock.advance(Duration.ofNanos(1));
		verdict();
		assertThat(this.source.inquiries).hasSize(2);
	}

	@Test
	void anUnknownNumberIsRefusedForAMinute() {
		this.source.number = Mono.just(NO_SUCH_NUMBER);
		verdict();
		this.memory.verdicts.clear();

		this.clock.advance(Duration.ofSeconds(60));
		verdict();
		assertThat(this.source.inquiries).hasSize(1);

		this.clock.advance(Duration.ofNanos(1));
		this.source.number = Mono.just(KNOWN);
		assertThat(verdict()).isInstanceOf(Verdict.Known.class);
	}

	@Test
	void whatIsLeftOfARememberedVerdictIsObeyed() {
		this.memory.verdicts.put("ADSL036362608", new Verdict.Known(LINE, Duration.ofSeconds(10)));
		verdict();

		this.clock.advance(Duration.ofSeconds(11));
		verdict();

		assertThat(this.memory.finds).isEqualTo(2);
		assertThat(this.source.inquiries).isEmpty();
	}

	@Test
	void whatSaysNothingOfTheNumberIsNotRemembered() {
		this.source.number = Mono.just(DOWN);

		fails("UPSTREAM_UNAVAILABLE");
		this.source.number = Mono.just(NO_PERMIT);
		fails("UPSTREAM_UNAVAILABLE");

		assertThat(this.memory.verdicts).isEmpty();
		this.source.number = Mono.just(KNOWN);
		assertThat(verdict()).isInstanceOf(Verdict.Known.class);
	}

	@Test
	void worksWithoutItsMemory() {
		this.memory.failing = true;
		this.source.number = Mono.just(KNOWN);

		assertThat(verdict()).isInstanceOf(Verdict.Known.class);
		assertThat(verdict()).isInstanceOf(Verdict.Known.class);
		assertThat(this.source.inquiries).hasSize(1);
	}

	@Test
	void aSendNeverQueuesBehindALookup() {
		this.source.number = Mono.never();
		this.numbers.verdict(INQUIRY).toFuture();

		this.source.number = Mono.just(KNOWN);
		Inquiry sending = new Inquiry(MAIN, "ADSL", "036362608", true);

		assertThat(this.numbers.verdict(sending).toFuture()).isCompleted();
	}

	@Test
	void numbersStayOutOfTexts() {
		assertThat(INQUIRY.toString()).doesNotContain("036362608");
	}

	private void fails(String code) {
		StepVerifier.create(this.numbers.verdict(INQUIRY))
			.expectErrorMatches((failure) -> failure instanceof Problem problem && problem.code().equals(code))
			.verify(LIMIT);
	}

	private Verdict verdict() {
		return this.numbers.verdict(INQUIRY).blockOptional(LIMIT).orElseThrow();
	}

}
