package dz.flexy.gateway.catalog;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

import static dz.flexy.gateway.catalog.Samples.ACCOUNT;
import static dz.flexy.gateway.catalog.Samples.DOWN;
import static dz.flexy.gateway.catalog.Samples.KNOWN;
import static dz.flexy.gateway.catalog.Samples.NO_PERMIT;
import static dz.flexy.gateway.catalog.Samples.NO_SUCH_NUMBER;
import static org.assertj.core.api.Assertions.assertThat;

@Isolated("virtual time replaces the schedulers of the whole process")
class CatalogNumberTest {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private static final String NUMBER = "036362608";

	private final SettableClock clock = new SettableClock();

	private final FakeSource source = new FakeSource();

	private final FakeMemory memory = new FakeMemory();

	private final Catalog catalog = new Catalog(new ProductLists(this.source, this.clock),
			new PlanLists(this.source, this.clock), new GiftProducts(this.source, this.clock),
			new Numbers(this.source, this.memory, this.clock));

	@Test
	void aKnownNumberPasses() {
		this.source.number = Mono.just(KNOWN);

		assertThat(refusal()).isEmpty();
		assertThat(this.source.inquiries).singleElement().matches(Inquiry::sending);
	}

	@Test
	void aNumberUnknownUpstreamIsRefusedInItsWords() {
		this.source.number = Mono.just(NO_SUCH_NUMBER);

		Problem problem = refusal().orElseThrow();

		assertThat(problem.code()).isEqualTo("ERR_PHONE");
		assertThat(problem.status()).isEqualTo(422);
		assertThat(problem.message()).isEqualTo("Phone number is not eligible");
		assertThat(problem.details()).containsEntry("reason", "unknown subscriber").containsEntry("retrySafe", true);
	}

	@Test
	void anyOtherFailureLetsItPass() {
		this.source.number = Mono.just(DOWN);
		assertThat(refusal()).isEmpty();

		this.source.number = Mono.just(NO_PERMIT);
		assertThat(refusal()).isEmpty();

		this.source.number = Mono.error(new IllegalStateException("unforeseen"));
		assertThat(refusal()).isEmpty();
	}

	@Test
	void moreThanTwoSecondsLetItPass() {
		this.source.number = Mono.never();

		StepVerifier.withVirtualTime(() -> this.catalog.numberRefusal(ACCOUNT, "ADSL", NUMBER))
			.expectSubscription()
			.expectNoEvent(Duration.ofSeconds(2).minusNanos(1))
			.thenAwait(Duration.ofNanos(1))
			.expectNext(Optional.empty())
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void aLateAnswerIsRemembered() {
		Sinks.One<Outcome<NumberCheck>> answer = Sinks.one();
		this.source.number = answer.asMono();

		StepVerifier.withVirtualTime(() -> this.catalog.numberRefusal(ACCOUNT, "ADSL", NUMBER))
			.thenAwait(Duration.ofSeconds(3))
			.expectNext(Optional.empty())
			.expectComplete()
			.verify(LIMIT);
		answer.emitValue(NO_SUCH_NUMBER, Sinks.EmitFailureHandler.FAIL_FAST);

		assertThat(refusal()).isPresent();
		assertThat(this.source.inquiries).hasSize(1);
	}

	@Test
	void aRememberedVerdictCostsNoCall() {
		this.memory.verdicts.put("ADSL" + NUMBER, Verdict.of(NO_SUCH_NUMBER));

		assertThat(refusal()).isPresent();
		assertThat(this.source.inquiries).isEmpty();
	}

	private Optional<Problem> refusal() {
		return this.catalog.numberRefusal(ACCOUNT, "ADSL", NUMBER).blockOptional(LIMIT).orElseThrow();
	}

}
