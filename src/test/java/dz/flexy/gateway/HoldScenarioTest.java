package dz.flexy.gateway;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.simulator.SimulatedOrder;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import reactor.core.publisher.Mono;

import static dz.flexy.gateway.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The database is restored to a moment when all orders were accepted and none was sent;
 * one of them was sent meanwhile, one never, and one was being answered when the gateway
 * was stopped. It comes back on hold, and then without.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HoldScenarioTest {

	private static final Map<String, Object> HELD = Map.of("gateway.dispatch.hold", true);

	private static final Predicate<ReceivedRequest> ON_ORDER = RequestMatch.onSend()
		.or(RequestMatch.onRoute("/v3/gift-cards/placeOrder"));

	private GatewayUnderTest gateway;

	private String bought;

	private Duration stop;

	private String lost;

	private String cards;

	private long sends;

	@BeforeAll
	void restore() {
		this.gateway = GatewayUnderTest.start(Map.of("gateway.callers.shop.send-deadline", "1h",
				"gateway.dispatch.send-wait", "25s", "gateway.upstream.response-timeout", "12s"));
		this.bought = this.gateway.send("036210180", "bought").map(Answer::topupId).block(GatewayUnderTest.patience());
		this.cards = this.gateway
			.post("/v3/gift-cards/placeOrder",
					Map.of("productId", "507f1f77bcf86cd799439099", "typeId", "SIM_AT_ONCE", "quantity", 1))
			.block(GatewayUnderTest.patience())
			.data()
			.path("orderId")
			.asString();
		this.gateway.end(this.bought).block(GatewayUnderTest.patience());
		this.gateway.end(this.cards).block(GatewayUnderTest.patience());
		this.gateway.upstream()
			.faults()
			.next(Fault.unavailableBeforeCommit(), RequestMatch.onSend().and(RequestMatch.onNumber("036210281")))
			.always();
		this.lost = this.gateway
			.send(Map.of("type", "ADSL", "number", "036210281", "value", new BigDecimal("1000"), "ref", "lost"),
					Map.of("Prefer", "respond-async"))
			.block(GatewayUnderTest.patience())
			.topupId();
		stopWhileOneIsAnswered();
		this.gateway.upstream().faults().clear();
		this.sends = this.gateway.upstream().requests().count(ON_ORDER);
		forget();
	}

	@AfterAll
	void close() {
		this.gateway.close();
	}

	/** The upstream would have answered in twelve seconds, the caller been told in 25. */
	@Test
	@Order(1)
	void waitsForNoAnswerWhenTheGatewayStops() {
		assertThat(this.stop).isLessThan(Duration.ofSeconds(10));
	}

	@Test
	@Order(2)
	void looksAllUpBeforeAnythingIsSent() {
		try (GatewayUnderTest held = this.gateway.another(HELD)) {
			assertThatProblem(held.send("036210380", "new").block(GatewayUnderTest.patience())).is(503,
					"UPSTREAM_UNAVAILABLE");
			assertThat(held.end(this.bought).block(GatewayUnderTest.patience()).path("status").asString())
				.isEqualTo("FULFILLED");
			until("absences >= 2 and state = 'SEND_UNKNOWN'", this.lost);
			until("flag is not null and state = 'SEND_UNKNOWN'", this.cards);
			assertThat(held.bean(MeterRegistry.class)
				.get("gateway.orders.entered")
				.tags("family", "gift-cards", "state", "SEND_UNKNOWN")
				.counter()
				.count()).isOne();
			assertThatProblem(cancelled(held, this.lost)).is(409, "NOT_CANCELLABLE");
			assertThat(held.upstream().requests().count(ON_ORDER)).isEqualTo(this.sends);
		}

		sql("update orders_order set due_at = now()");
		this.gateway.restart();

		assertThat(this.gateway.end(this.lost).block(GatewayUnderTest.patience()).path("status").asString())
			.isEqualTo("FULFILLED");
		assertThat(this.gateway.upstream().account("sim-key-1").orders()).hasSize(3)
			.extracting(SimulatedOrder::sends)
			.containsOnly(1);
		assertThat(this.gateway.upstream().account("sim-key-1").giftOrders()).hasSize(1);
		assertThat(this.gateway.get("/orders/{id}", this.cards)
			.block(GatewayUnderTest.patience())
			.data()
			.path("state")
			.asString()).isEqualTo("SEND_UNKNOWN");
	}

	/** As if it stood as it was restored, in the moment before it is doubted. */
	private Answer cancelled(GatewayUnderTest held, String id) {
		sql("update orders_order set state = 'ACCEPTED' where id = '" + id + "'");
		Answer answer = held.post("/orders/" + id + "/cancel", Map.of()).block(GatewayUnderTest.patience());
		sql("update orders_order set state = 'SEND_UNKNOWN' where id = '" + id + "'");
		return answer;
	}

	private void stopWhileOneIsAnswered() {
		Predicate<ReceivedRequest> send = RequestMatch.onSend().and(RequestMatch.onNumber("036210480"))::test;
		this.gateway.upstream().faults().next(Fault.hangAfterCommit(), send);
		// ShutdownTest tells what its caller is answered, if he is not cut off before.
		this.gateway.send("036210480", "at the stop").onErrorComplete().subscribe();
		this.gateway.upstream().requests().first(send).block(GatewayUnderTest.patience());
		Instant begun = Instant.now();
		this.gateway.stop();
		this.stop = Duration.between(begun, Instant.now());
	}

	/** As in the backup. */
	private void forget() {
		sql("delete from orders_event where previous_state is not null");
		sql("""
				update orders_order set state = 'ACCEPTED', changes = 1, due_at = now(), cost = null, sends = 0, sent_at = null,
				  send_by = null, absences = 0, arrived = false, upstream_id = null, reason = null, card_reads = 0,
				  card_code = null, card_key = null, num_trans = null, processed_at = null, flag = null, final_at = null,
				  fulfilled = null, card_price = null, in_lane = false, candidates = null, refusal = null""");
	}

	private void until(String condition, String id) {
		this.gateway.database()
			.client()
			.sql("select 1 from orders_order where id = :id and " + condition)
			.bind("id", id)
			.mapValue(Integer.class)
			.one()
			.repeatWhenEmpty(300, (looks) -> looks.delayElements(Duration.ofMillis(50)))
			.switchIfEmpty(Mono.error(() -> new AssertionError("never " + condition)))
			.block(GatewayUnderTest.patience());
	}

	private void sql(String sql) {
		this.gateway.database().client().sql(sql).fetch().rowsUpdated().block(GatewayUnderTest.patience());
	}

}
