package dz.flexy.gateway.catalog;

import java.time.Duration;

import dz.flexy.gateway.SettableClock;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Fault;
import dz.flexy.gateway.upstream.Outcome;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class PingTest {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private static final JsonNode UP = JsonMapper.shared()
		.readTree("{\"api\":\"ok\",\"operators\":{\"djezzy\":\"up\"}}");

	private final SettableClock clock = new SettableClock();

	private final FakeSource source = new FakeSource();

	private final Ping ping = new Ping(this.source, this.clock);

	@Test
	void tellsTheUpstreamsWordsForAMinute() {
		succeeds();
		assertThat(word()).isEqualTo(UP);

		this.clock.advance(Duration.ofSeconds(60));
		word();
		assertThat(this.source.pings).isEqualTo(1);

		this.clock.advance(Duration.ofNanos(1));
		word();
		assertThat(this.source.pings).isEqualTo(2);
	}

	@Test
	void asksNobodyBeforeItIsAsked() {
		assertThat(this.source.pings).isZero();
	}

	@Test
	void strangersLearnNothingOfTheReasonOfAFailure() {
		this.source.ping = Mono.just(
				new Outcome.NotSent<>(Fault.GATEWAY, "account stopped: INVALID_ACCESS_TOKEN", Duration.ofMinutes(15)));

		StepVerifier.create(this.ping.word())
			.expectErrorSatisfies((failure) -> assertThat(failure)
				.isInstanceOfSatisfying(Problem.class, (problem) -> assertThat(problem.status()).isEqualTo(503))
				.hasMessage("the upstream does not answer its ping"))
			.verify(LIMIT);
	}

	@Test
	void aFailureCostsOneCallInTenSeconds() {
		fails();
		fails();
		assertThat(this.source.pings).isEqualTo(1);

		this.clock.advance(Duration.ofSeconds(10));
		fails();
		assertThat(this.source.pings).isEqualTo(1);

		this.clock.advance(Duration.ofNanos(1));
		succeeds();
		assertThat(word()).isEqualTo(UP);
	}

	private void succeeds() {
		this.source.ping = Mono.just(new Outcome.Success<>(UP, "-"));
	}

	private void fails() {
		StepVerifier.create(this.ping.word()).expectError(Problem.class).verify(LIMIT);
	}

	private JsonNode word() {
		return this.ping.word().blockOptional(LIMIT).orElseThrow();
	}

}
