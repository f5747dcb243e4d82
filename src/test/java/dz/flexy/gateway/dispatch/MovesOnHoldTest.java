package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Move;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.problem.RequestId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Moves of an operator while the gateway sends nothing. */
@TestInstance(Lifecycle.PER_CLASS)
class MovesOnHoldTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Move MOVE = new Move("any", new CallerId("boss"), new RequestId("req_1"), "asked support",
			Optional.empty());

	private LedgerUnderTest ledger;

	private Moves moves;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start(Map.of("gateway.dispatch.hold", true));
		this.moves = this.ledger.bean(Moves.class);
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	/** Before the database was restored it may have been. */
	@Test
	void whatWaitsMayHaveBeenSent() {
		Order order = this.ledger.accepted();

		assertThatExceptionOfType(Problem.class)
			.isThrownBy(() -> this.moves.markNotCreated(order.id(), MOVE).block(PATIENCE))
			.withMessageStartingWith("on hold it may have been sent");
		assertThat(this.ledger.stored(order).state()).isEqualTo(OrderState.ACCEPTED);
	}

	@Test
	void whatIsProvenAbsentIsMarkedAndNotSent() {
		Order order = this.ledger.set(this.ledger.unknown(), """
				due_at = now() + interval '1 day', send_by = now() - interval '1 minute', absences = 1,
				absent_at = now() - interval '30 seconds'""");

		assertThatExceptionOfType(Problem.class)
			.isThrownBy(() -> this.moves.allowSend(order.id(), MOVE).block(PATIENCE))
			.withMessage("sending is on hold");
		assertThat(this.moves.markNotCreated(order.id(), MOVE).block(PATIENCE).state()).isEqualTo(OrderState.REJECTED);
	}

}
