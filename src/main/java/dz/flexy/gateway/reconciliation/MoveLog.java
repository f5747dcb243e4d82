package dz.flexy.gateway.reconciliation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.reconciliation.MoveStore.Made;
import dz.flexy.gateway.reconciliation.MoveStore.Subject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** Sees to it that what operators try is written down and shown. */
@Component
class MoveLog {

	private static final Logger log = LoggerFactory.getLogger(MoveLog.class);

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	/** Of what does not exist nothing is written down. */
	private static final Set<String> OF_NOBODY = Set.of(ErrorCode.NOT_FOUND.name(), ErrorCode.ERR_VALIDATION.name());

	private final MoveStore store;

	MoveLog(MoveStore store) {
		this.store = store;
	}

	/** The same work; if it is refused, that is written down before it is told. */
	<T> Mono<T> watched(Subject subject, String id, Move move, Mono<T> work) {
		return work.doOnNext((done) -> log.info("{} of {} {} by {}", move.name(), subject, id, move.who()))
			.onErrorResume(Problem.class,
					(problem) -> OF_NOBODY.contains(problem.code()) ? Mono.error(problem)
							: this.store.refused(subject, id, move, problem.code() + ": " + problem.message())
								.timeout(PATIENCE)
								.doOnError((failure) -> log.warn("refused {} of {} not written down: {}", move.name(),
										id, failure.toString()))
								.onErrorComplete()
								.then(Mono.error(problem)));
	}

	/** All moves of a subject, oldest first, as they are shown. */
	Mono<List<Map<String, Object>>> of(Subject subject, String id) {
		return this.store.of(subject, id).map(MoveLog::view).collectList();
	}

	private static Map<String, Object> view(Made made) {
		return new View().put("at", made.at())
			.put("move", made.move())
			.put("who", made.who())
			.put("requestId", made.request())
			.put("arguments", made.arguments())
			.put("reason", made.reason())
			.put("outcome", made.outcome())
			.fields();
	}

}
