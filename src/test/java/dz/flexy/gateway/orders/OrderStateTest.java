package dz.flexy.gateway.orders;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import dz.flexy.gateway.account.Family;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dz.flexy.gateway.orders.OrderState.ACCEPTED;
import static dz.flexy.gateway.orders.OrderState.FULFILLED;
import static dz.flexy.gateway.orders.OrderState.HANDLING;
import static dz.flexy.gateway.orders.OrderState.PARTIALLY_FILLED;
import static dz.flexy.gateway.orders.OrderState.PENDING;
import static dz.flexy.gateway.orders.OrderState.QUEUED;
import static dz.flexy.gateway.orders.OrderState.REFUNDED;
import static dz.flexy.gateway.orders.OrderState.REJECTED;
import static dz.flexy.gateway.orders.OrderState.SENDING;
import static dz.flexy.gateway.orders.OrderState.SEND_UNKNOWN;
import static dz.flexy.gateway.orders.OrderState.UNKNOWN_ERROR;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

class OrderStateTest {

	private static final Map<OrderState, Set<OrderState>> LEGAL = Map.ofEntries(
			entry(ACCEPTED, EnumSet.of(SENDING, REJECTED)),
			entry(SENDING,
					EnumSet.of(ACCEPTED, SEND_UNKNOWN, PENDING, HANDLING, QUEUED, UNKNOWN_ERROR, FULFILLED,
							PARTIALLY_FILLED, REFUNDED, REJECTED)),
			entry(SEND_UNKNOWN,
					EnumSet.of(SENDING, PENDING, HANDLING, QUEUED, UNKNOWN_ERROR, FULFILLED, PARTIALLY_FILLED, REFUNDED,
							REJECTED)),
			entry(PENDING, EnumSet.of(HANDLING, QUEUED, UNKNOWN_ERROR, FULFILLED, PARTIALLY_FILLED, REFUNDED)),
			entry(HANDLING, EnumSet.of(QUEUED, UNKNOWN_ERROR, FULFILLED, PARTIALLY_FILLED, REFUNDED)),
			entry(QUEUED, EnumSet.of(UNKNOWN_ERROR, FULFILLED, PARTIALLY_FILLED, REFUNDED)),
			entry(UNKNOWN_ERROR, EnumSet.of(QUEUED, FULFILLED, PARTIALLY_FILLED, REFUNDED)),
			entry(FULFILLED, EnumSet.of(PARTIALLY_FILLED, REFUNDED)),
			entry(PARTIALLY_FILLED, EnumSet.of(FULFILLED, REFUNDED)),
			entry(REFUNDED, EnumSet.of(FULFILLED, PARTIALLY_FILLED)),
			entry(REJECTED, EnumSet.of(FULFILLED, PARTIALLY_FILLED, REFUNDED)));

	@ParameterizedTest
	@EnumSource
	void movesAreThoseOfTheTable(OrderState from) {
		Set<OrderState> legal = EnumSet.noneOf(OrderState.class);
		EnumSet.allOf(OrderState.class).stream().filter(from::mayBecome).forEach(legal::add);

		assertThat(legal).isEqualTo(LEGAL.get(from));
	}

	@Test
	void eachQuestionHasItsStates() {
		assertThat(those(OrderState::isFinal)).containsExactly(FULFILLED, PARTIALLY_FILLED, REFUNDED, REJECTED);
		assertThat(those(OrderState::isUnsent)).containsExactly(ACCEPTED, SENDING, SEND_UNKNOWN);
		assertThat(those(OrderState::isUnclear)).containsExactly(SENDING, SEND_UNKNOWN);
		assertThat(those(OrderState::isPaidBack)).containsExactly(REFUNDED, REJECTED);
	}

	@Property
	void noPathLeavesTheFinalStatesExceptAsACorrection(@ForAll @Size(max = 30) List<OrderState> wishes) {
		OrderState state = ACCEPTED;
		boolean ended = false;
		for (OrderState next : wishes) {
			if (state.mayBecome(next)) {
				ended |= state.isFinal();
				state = next;
			}
			assertThat(state.isFinal() || !ended).isTrue();
		}
	}

	@Property
	void whatTheUpstreamHasIsNeverSentAgain(@ForAll @Size(max = 30) List<OrderState> wishes) {
		OrderState state = ACCEPTED;
		boolean had = false;
		for (OrderState next : wishes) {
			state = state.mayBecome(next) ? next : state;
			had |= !state.isUnsent() && state != REJECTED;
			assertThat(had && (state.isUnsent() || state == REJECTED)).isFalse();
		}
	}

	@ParameterizedTest
	@EnumSource
	void endingIsAlwaysSeenByCallers(OrderState from) {
		for (Family family : Family.values()) {
			assertThat(LEGAL.get(from).stream().filter((next) -> next.isFinal() && !from.isFinal()))
				.allSatisfy((end) -> assertThat(end.status(family)).isNotEqualTo(from.status(family)));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "ACCEPTED", "SENDING", "SEND_UNKNOWN" })
	void callersSeeTheFamilysOwnFirstStatusUntilItIsSent(OrderState unsent) {
		assertThat(unsent.status(Family.INTERNET)).isEqualTo("HANDLING");
		assertThat(unsent.status(Family.MOBILE)).isEqualTo("PENDING");
	}

	@ParameterizedTest
	@EnumSource(Family.class)
	void callersSeeARejectionAsARefund(Family family) {
		assertThat(REJECTED.status(family)).isEqualTo("REFUNDED");
	}

	private static Set<OrderState> those(Predicate<OrderState> question) {
		Set<OrderState> those = EnumSet.allOf(OrderState.class);
		those.removeIf(question.negate());
		return those;
	}

}
