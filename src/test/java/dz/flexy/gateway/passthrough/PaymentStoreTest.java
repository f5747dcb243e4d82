package dz.flexy.gateway.passthrough;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.passthrough.Payment.State;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestId;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PaymentStoreTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Ending ANSWERED = new Ending(State.ANSWERED, 200, "u", null);

	private static final Ending REFUSED = new Ending(State.REFUSED, 400, null, "ERR_VALIDATION");

	private final Database database = Database.fresh();

	private final PaymentStore store = new PaymentStore(this.database.client());

	@Test
	void givesUpWhatIsOverdueAndNothingElse() {
		run(this.store.begin(payment("young"), Duration.ofMinutes(1)));
		run(this.store.begin(payment("overdue"), Duration.ZERO));
		run(this.store.begin(payment("ended"), Duration.ZERO));
		run(this.store.end(payment("ended"), REFUSED));

		assertThat(this.store.giveUpOverdue().block(PATIENCE)).isEqualTo(1);

		assertThat(states()).isEqualTo(Map.of("young", "SENDING", "overdue", "UNKNOWN", "ended", "REFUSED"));
	}

	@Test
	void believesAnAnswerThatComesLate() {
		run(this.store.begin(payment("late"), Duration.ZERO));
		this.store.giveUpOverdue().block(PATIENCE);

		run(this.store.end(payment("late"), ANSWERED));
		run(this.store.end(payment("late"), REFUSED));

		assertThat(states()).isEqualTo(Map.of("late", "ANSWERED"));
	}

	@Test
	void endsNothingThatWasNotBegun() {
		run(this.store.end(payment("never"), ANSWERED));

		assertThat(states()).isEmpty();
	}

	@Test
	void beginsNothingWhileSendsAreStopped() {
		this.database.client()
			.sql("insert into account_send_stop (account, who, reason) values ('main', 'boss', 'why')")
			.then()
			.block(PATIENCE);

		assertThatThrownBy(() -> run(this.store.begin(payment("stopped"), Duration.ofMinutes(1))))
			.isInstanceOfSatisfying(Problem.class,
					(problem) -> assertThat(problem.code()).isEqualTo(ErrorCode.SENDS_STOPPED.name()));
		assertThat(states()).isEmpty();
	}

	@Test
	void ofManyDecisionsAtOnceOneStands() {
		run(this.store.begin(payment("unknown"), Duration.ZERO));
		this.store.giveUpOverdue().block(PATIENCE);
		Move move = new Move("mark", new CallerId("boss"), new RequestId("req_1_b"), "why", Optional.empty());

		List<PaymentRow> decided = Flux.just(State.PAID, State.NOT_PAID, State.PAID, State.NOT_PAID)
			.flatMap((state) -> this.store.decide("unknown", state, move))
			.collectList()
			.block(PATIENCE);

		assertThat(decided).singleElement()
			.satisfies((one) -> assertThat(states()).isEqualTo(Map.of("unknown", one.state())));
		assertThat(this.database.client()
			.sql("select count(*) from operator_move")
			.mapValue(Long.class)
			.one()
			.block(PATIENCE)).isOne();
	}

	private static Payment payment(String id) {
		return new Payment(id, new AccountId("main"), new CallerId("shop"), Endpoint.PAY, null, null, null, "digest",
				new RequestId("req_1_a"));
	}

	private Map<String, Object> states() {
		return this.database.client()
			.sql("select id, state from passthrough_payment")
			.fetch()
			.all()
			.collectMap((row) -> (String) row.get("id"), (row) -> row.get("state"))
			.block(PATIENCE);
	}

	private static void run(Mono<Void> write) {
		write.block(PATIENCE);
	}

}
