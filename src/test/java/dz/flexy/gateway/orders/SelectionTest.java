package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.orders.OrderEvent.Place;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.ServerRequest;

import static dz.flexy.gateway.orders.Ledger.ACCOUNT;
import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.OTHER;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which events a reader asks for, and may. */
class SelectionTest {

	private static final Caller READER = caller();

	private static final Caller OPERATOR = caller(Scope.OPERATOR);

	@Test
	void nothingSaidIsOnesOwn() {
		assertThat(asked("", READER)).isEqualTo(Selection.of(SHOP));
	}

	@Test
	void othersAreForOperators() {
		assertThat(asked("caller=shop", READER).caller()).contains(SHOP);
		assertThat(asked("caller=other", OPERATOR).caller()).contains(OTHER);
		assertThat(asked("caller=other", OPERATOR).others()).isTrue();
		assertThat(asked("caller=*", OPERATOR).caller()).isEmpty();
		assertThat(asked("", OPERATOR).others()).isFalse();
		assertThatThrownBy(() -> asked("caller=other", READER)).isInstanceOfSatisfying(Problem.class,
				(problem) -> assertThat(problem.status()).isEqualTo(403));
		assertThatThrownBy(() -> asked("caller=*", READER)).isInstanceOf(Problem.class);
	}

	@Test
	void readsEachCondition() {
		assertThat(asked("product=ADSL&status=REFUNDED&final=true&states=true", READER)).isEqualTo(new Selection(
				Optional.of(SHOP), Optional.of("ADSL"), Optional.of("REFUNDED"), Optional.of(true), false, true));
		assertThat(asked("final=false&states=false", READER).ending()).contains(false);
		assertThat(asked("final=false&states=false", READER).states()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "status=SENT", "final=yes", "states=1", "product=%00" })
	void refusesOtherWords(String query) {
		assertThatThrownBy(() -> asked(query, READER)).isInstanceOfSatisfying(Problem.class,
				(problem) -> assertThat(problem.status()).isEqualTo(400));
	}

	@Test
	void eachConditionCounts() {
		OrderEvent event = event(SHOP, 1, OrderState.REFUNDED);

		assertThat(List.of(Selection.of(SHOP), selection(null, null, null, null, false),
				selection(SHOP, "ADSL", "REFUNDED", true, true)))
			.allMatch((wanted) -> wanted.includes(event));
		assertThat(List.of(Selection.of(OTHER), selection(SHOP, "4G", null, null, false),
				selection(SHOP, null, "HANDLING", null, false), selection(SHOP, null, null, false, false)))
			.noneMatch((wanted) -> wanted.includes(event));
	}

	@Test
	void whatCallersDoNotSeeIsToldOnlyWhereItIsAskedFor() {
		OrderEvent unseen = event(SHOP, null, OrderState.SENDING);
		OrderEvent seen = event(SHOP, 1, OrderState.HANDLING);
		Selection all = selection(SHOP, null, null, null, true);

		assertThat(all.includes(unseen)).isFalse();
		assertThat(all.includesUnseen(unseen)).isTrue();
		assertThat(all.includesUnseen(seen)).isFalse();
		assertThat(Selection.of(SHOP).includesUnseen(unseen)).isFalse();
		assertThat(selection(OTHER, null, null, null, true).includesUnseen(unseen)).isFalse();
	}

	@Test
	void placesAreOrderedByTransactionFirst() {
		assertThat(new Place(2, 1).isAfter(new Place(1, 9))).isTrue();
		assertThat(new Place(1, 9).isAfter(new Place(2, 1))).isFalse();
		assertThat(new Place(1, 9).isAfter(new Place(1, 8))).isTrue();
		assertThat(new Place(1, 9).isAfter(new Place(1, 9))).isFalse();
	}

	private static Selection asked(String query, Caller reader) {
		return Selection.asked(ServerRequest.create(
				MockServerWebExchange
					.from(MockServerHttpRequest.method(HttpMethod.GET, URI.create("/orders/events?" + query))),
				List.of()), reader);
	}

	private static Selection selection(CallerId caller, String product, String status, Boolean ending, boolean states) {
		return new Selection(Optional.ofNullable(caller), Optional.ofNullable(product), Optional.ofNullable(status),
				Optional.ofNullable(ending), false, states);
	}

	private static Caller caller(Scope... scopes) {
		return new Caller(SHOP, ACCOUNT, Set.of(scopes), 1, LIMIT, Optional.empty());
	}

	private static OrderEvent event(CallerId caller, Integer number, OrderState state) {
		Item item = new Item.TopUp("ADSL", "036362689", new BigDecimal("1000"), Optional.empty());
		return new OrderEvent(Place.START, new OrderId("0123456789abcdef01234567"), caller, Optional.ofNullable(number),
				Instant.EPOCH, state, null, state.status(Family.INTERNET), null, false, null, Family.INTERNET, "ref",
				item, null);
	}

}
