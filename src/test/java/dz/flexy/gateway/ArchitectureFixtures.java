package dz.flexy.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dz.flexy.gateway.simulator.UpstreamSimulator;
import dz.flexy.gateway.upstream.Purchases;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.reactive.function.client.WebClient;

/** Breaks each rule of {@link ArchitectureRules}, to show that the rule sees it. */
final class ArchitectureFixtures {

	private ArchitectureFixtures() {
	}

	record TalksByWebClient(WebClient.Builder client) {
	}

	record TalksByNetty(HttpClient client) {
	}

	record SpeaksSql(DatabaseClient database) {
	}

	record Pays(Purchases purchases) {
	}

	static final class BlocksWithLimit {

		@Nullable Object wrong() {
			return Mono.empty().block(Duration.ZERO);
		}

	}

	static final class BlocksByReference {

		Supplier<@Nullable Object> wrong() {
			return Flux.empty()::blockFirst;
		}

	}

	static final class BlocksByIterating {

		Iterable<Object> wrong() {
			return Flux.empty().toIterable();
		}

	}

	static final class Subscribes {

		void wrong() {
			Mono.empty().subscribe();
		}

	}

	static final class SubscribesInALambda {

		Runnable wrong() {
			return () -> Flux.empty().subscribe((value) -> {
			});
		}

	}

	static final class TransactsBySpring {

		Mono<String> wrong(Mono<String> work, ReactiveTransactionManager transactions) {
			return TransactionalOperator.create(transactions).transactional(work);
		}

	}

	static final class Sleeps {

		void wrong() throws InterruptedException {
			Thread.sleep(1);
		}

	}

	static final class SleepsByUnit {

		void wrong() throws InterruptedException {
			TimeUnit.SECONDS.sleep(1);
		}

	}

	static final class AsksTheInstant {

		Instant wrong() {
			return Instant.now();
		}

	}

	static final class AsksTheDateByReference {

		Supplier<LocalDate> wrong() {
			return LocalDate::now;
		}

	}

	static final class AsksTheSystem {

		long wrong() {
			return System.currentTimeMillis();
		}

	}

	static final class MakesItsOwnClock {

		Clock wrong() {
			return Clock.systemUTC();
		}

	}

	static final class Prints {

		void wrong() {
			System.out.println();
		}

	}

	static final class PrintsErrors {

		void wrong() {
			System.err.println();
		}

	}

	static final class HasAFieldInjected {

		@Autowired
		@Nullable Clock wrong;

	}

	static final class HasAValueInjected {

		@Value("${wrong}")
		@Nullable String wrong;

	}

	record KnowsTheSimulator(UpstreamSimulator simulator) {
	}

	/** Allowed: the twin of {@link AsksTheInstant}. */
	static final class AsksAGivenClock {

		Instant right(Clock clock) {
			return Instant.now(clock);
		}

	}

}
