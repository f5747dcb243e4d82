package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

import dz.flexy.gateway.orders.OrderEvent;
import io.r2dbc.spi.R2dbcException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.util.retry.Retry;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;

/**
 * Reads for streams, a few at a time: when thousands of clients come back at once, sends
 * still find a connection. What was read is handed on apart from the reading, which would
 * otherwise stay in memory for as long as the stream.
 */
@Component
class Log {

	/** Half of the pool's connections. */
	private static final int AT_ONCE = 10;

	/** A connection may die without a word. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final InstrumentedPool<Object> turns = PoolBuilder.from(Mono.fromSupplier(Object::new))
		.sizeBetween(0, AT_ONCE)
		.buildPool();

	/**
	 * Reads when it is its turn, which is waited for as long as for an answer.
	 * @param read what to read
	 * @return what was read, or its failure; 503 if the database does not answer
	 */
	<T> Mono<T> once(Mono<T> read) {
		return answered(inTurn(read)).share();
	}

	/** All at once, so that no connection waits for a reader; as often as it takes. */
	Mono<List<OrderEvent>> read(Flux<OrderEvent> events) {
		return patiently(events.collectList());
	}

	<T> Mono<T> patiently(Mono<T> read) {
		return inTurn(read)
			.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(200))
				.maxBackoff(Duration.ofSeconds(5))
				.filter((failure) -> failure instanceof DataAccessException || failure instanceof R2dbcException))
			.share();
	}

	private <T> Mono<T> inTurn(Mono<T> read) {
		return this.turns.withPoolable((turn) -> answered(read)).next();
	}

	private static <T> Mono<T> answered(Mono<T> read) {
		return read.timeout(PATIENCE)
			.onErrorMap(TimeoutException.class, (late) -> new QueryTimeoutException("no answer", late));
	}

}
