package dz.flexy.gateway.orders;

import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.RequestId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;

/** Opens cards for those who may see them; nothing is shown that is not written down. */
@Component
class Reveals {

	private static final Logger log = LoggerFactory.getLogger(Reveals.class);

	private final RevealStore store;

	private final CardVault vault;

	Reveals(RevealStore store, CardVault vault) {
		this.store = store;
		this.vault = vault;
	}

	/**
	 * The card as part of an order's view; the first time is written down.
	 * @return empty if there is none or the caller may not see it
	 */
	Mono<Optional<Card>> shown(Caller caller, Order order, RequestId request) {
		Optional<Card> card = caller.may(Scope.CARDS_REVEAL) ? open(order) : Optional.empty();
		return card.isPresent() ? this.store.first(order.id(), caller.id(), request).thenReturn(card) : Mono.just(card);
	}

	/**
	 * An order that the caller sent upstream himself, without its cards if he may not see
	 * them.
	 */
	ObjectNode within(Caller caller, ObjectNode order, RequestId request) {
		if (!caller.may(Scope.CARDS_REVEAL)) {
			return order.remove(List.of("card_code", "num_trans", "date_traitement", "cards"));
		}
		if (order.has("card_code") || order.has("cards")) {
			log.info("caller {} was shown the cards of order {} of his own upstream request={}", caller.id(),
					order.path("_id").asString(""), request);
		}
		return order;
	}

	/**
	 * The card itself; each time is written down.
	 * @return empty if there is none
	 */
	Mono<Card> asked(Caller caller, Order order, RequestId request) {
		return Mono.justOrEmpty(open(order))
			.flatMap((card) -> this.store.each(order.id(), caller.id(), request).thenReturn(card));
	}

	private Optional<Card> open(Order order) {
		return Optional.ofNullable(this.vault.open(order.id(), order.card()));
	}

}
