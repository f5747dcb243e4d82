package dz.flexy.gateway.dispatch;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.balance.Balance;
import dz.flexy.gateway.balance.BalanceUnderTest;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Item;
import dz.flexy.gateway.orders.NewOrder;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What is looked at before a send, and again before a later one. */
@TestInstance(Lifecycle.PER_CLASS)
class SenderTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private LedgerUnderTest ledger;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest
			.start(Map.of("gateway.dispatch.send-within", "10s", "gateway.upstream.response-timeout", "10s"));
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@Test
	void whatIsTooLateIsNotSent() {
		Order order = this.ledger.accepted("036362501");

		Order after = send(LedgerUnderTest.readAt(order, order.sending().deadline().plusMillis(1), order.sending()));

		assertRefused(after, "NOT_SENT_IN_TIME");
	}

	@Test
	void whatIsJustInTimeIsSent() {
		Order order = this.ledger.accepted("036362502");

		Order after = send(LedgerUnderTest.readAt(order, order.sending().deadline(), order.sending()));

		assertThat(after.state()).isEqualTo(OrderState.HANDLING);
		assertThat(sends("036362502")).isOne();
	}

	@Test
	void aPriceAboveTheCallersLimitIsNotPaidTheSecondTimeEither() {
		assertRefused(resend(unknown("036362511", "limit-1", "979.99", false)), "PRICE_CHANGED");
		assertRefused(send(accepted("036362512", "limit-2", "979.99", false)), "PRICE_CHANGED");
	}

	@Test
	void aPriceWithinTheCallersLimitIsPaid() {
		Order after = resend(unknown("036362513", "limit-3", "980", false));

		assertThat(after.state()).isEqualTo(OrderState.HANDLING);
		assertThat(after.cost()).isEqualByComparingTo("980");
		assertThat(sends("036362513")).isOne();
	}

	@Test
	void aRefThatItsCallerSentHimselfIsNotBoughtTheSecondTimeEither() {
		sendPastTheGateway("036362521", "own-1");

		assertRefused(resend(unknown("036362521", "own-1", "1000", true)), "DUPLICATED_REF");
		assertThat(sends("036362521")).isOne();
	}

	@Test
	void aRefThatCannotBeAskedForIsNotSentYet() {
		this.ledger.upstream()
			.faults()
			.next(Fault.errorBeforeCommit(), RequestMatch.onRef("own-2").and((request) -> !request.isSend()))
			.always();

		Order first = send(accepted("036362522", "own-2", "1000", true));
		this.ledger.upstream().faults().clear();

		assertThat(first.state()).isEqualTo(OrderState.ACCEPTED);
		assertThat(this.ledger.pause(first)).isPositive();
		assertThat(sends("036362522")).isZero();
	}

	@Test
	void ofTwoWhoSendTheSameOrderOneDoes() {
		Order order = this.ledger.accepted("036362541");
		AtomicInteger begun = new AtomicInteger();
		Sender sender = this.ledger.bean(Sender.class);

		List<Order> after = Mono
			.zip(sender.send(order, begun::incrementAndGet).map(Optional::of).defaultIfEmpty(Optional.empty()),
					sender.send(order, begun::incrementAndGet).map(Optional::of).defaultIfEmpty(Optional.empty()))
			.map((both) -> Stream.of(both.getT1(), both.getT2()).flatMap(Optional::stream).toList())
			.block(PATIENCE);

		assertThat(after).singleElement().extracting(Order::state).isEqualTo(OrderState.HANDLING);
		assertThat(begun).hasValue(1);
		assertThat(sends("036362541")).isOne();
	}

	/** The balance was read after the order came. */
	@Test
	void whatTheAccountCannotPayIsNotSent() {
		this.ledger.upstream().account("sim-key-1").setBalance(new BigDecimal("979.99"));
		Order order = accepted("036362531", "poor-1", "1000", false);
		BalanceUnderTest.shown(this.ledger.bean(Balance.class), this.ledger.account()).block(PATIENCE);

		Order after = send(order);
		this.ledger.upstream().account("sim-key-1").setBalance(new BigDecimal("100000"));

		assertRefused(after, "INSUFFICIENT_BALANCE");
	}

	private void assertRefused(Order order, String code) {
		assertThat(order.state()).isEqualTo(OrderState.REJECTED);
		Problem refusal = order.refusal().orElseThrow();
		assertThat(refusal.code()).isEqualTo(code);
		assertThat(refusal.details()).containsEntry("moneyMayHaveMoved", false);
		assertThat(this.ledger.upstream()
			.requests()
			.count((request) -> request.isSend() && request.ref().equals(order.upstreamRef()))).isZero();
	}

	private long sends(String number) {
		return this.ledger.upstream().requests().count(RequestMatch.onSend().and(RequestMatch.onNumber(number)));
	}

	private Order send(Order order) {
		return this.ledger.bean(Sender.class).send(order, () -> {
		}).block(PATIENCE);
	}

	private Order resend(Order order) {
		return this.ledger.bean(Sender.class).resend(order).block(PATIENCE);
	}

	private Order unknown(String number, String ref, String maxCost, boolean askFirst) {
		return this.ledger.apply(this.ledger.begin(accepted(number, ref, maxCost, askFirst)),
				Change.to(OrderState.SEND_UNKNOWN));
	}

	private Order accepted(String number, String ref, String maxCost, boolean askFirst) {
		Caller caller = new Caller(new CallerId("shop"), this.ledger.account().id(), Set.of(), 100,
				Duration.ofSeconds(60), Optional.empty());
		Item item = new Item.TopUp("ADSL", number, new BigDecimal("1000"), Optional.of(new BigDecimal(maxCost)));
		return Objects.requireNonNull(this.ledger.bean(Orders.class)
			.accept(new NewOrder(caller, Family.INTERNET, Optional.of(ref), item, Duration.ofMinutes(2),
					Optional.empty(), askFirst, Optional.empty()))
			.block(PATIENCE));
	}

	private void sendPastTheGateway(String number, String ref) {
		WebClient.create(this.ledger.upstream().baseUrl().toString())
			.post()
			.uri("/v3/internet/send")
			.header("X-Access-Token", "sim-key-1")
			.bodyValue(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref))
			.retrieve()
			.bodyToMono(String.class)
			.block(PATIENCE);
	}

}
