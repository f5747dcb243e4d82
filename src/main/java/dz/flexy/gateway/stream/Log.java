package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;

import dz.flexy.gateway.orders.OrderEvent;
import io.r2dbc.spi.R2dbcException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.dao.DataAccessException;

/** Reads of the event log by streams that outlive a loss of the database. */
final class Log {

	private Log() {
	}

	/** All at once, so that no connection waits for a reader; as often as it takes. */
	static Mono<List<OrderEvent>> read(Flux<OrderEvent> events) {
		return patiently(events.collectList());
	}

	static <T> Mono<T> patiently(Mono<T> read) {
		return read.retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(200))
			.maxBackoff(Duration.ofSeconds(5))
			.filter((failure) -> failure instanceof DataAccessException || failure instanceof R2dbcException));
	}

}
