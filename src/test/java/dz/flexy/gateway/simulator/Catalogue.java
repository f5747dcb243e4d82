package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The internet cards that one account may buy. Thread-safe.
 */
final class Catalogue {

	record Card(String type, BigDecimal value, BigDecimal cost, boolean available) {
	}

	private static final BigDecimal RATE = new BigDecimal("0.98");

	private final List<Card> cards = new ArrayList<>();

	Catalogue() {
		List.of(500, 1000, 2000, 3000, 5000).forEach((value) -> this.cards.add(card("ADSL", value)));
		List.of(500, 1000, 1500, 2000, 2500, 3500).forEach((value) -> this.cards.add(card("4G", value)));
	}

	synchronized List<Card> of(String type) {
		return this.cards.stream().filter((card) -> card.type().equals(type)).toList();
	}

	synchronized Optional<Card> find(String type, BigDecimal value) {
		return this.cards.stream().filter((card) -> matches(card, type, value)).findFirst();
	}

	synchronized void stock(String type, BigDecimal value, boolean available) {
		this.cards.replaceAll((card) -> matches(card, type, value)
				? new Card(card.type(), card.value(), card.cost(), available) : card);
	}

	synchronized void cost(String type, BigDecimal value, BigDecimal cost) {
		this.cards.replaceAll((card) -> matches(card, type, value)
				? new Card(card.type(), card.value(), cost, card.available()) : card);
	}

	private static boolean matches(Card card, String type, BigDecimal value) {
		return card.type().equals(type) && card.value().compareTo(value) == 0;
	}

	private static Card card(String type, int value) {
		BigDecimal face = BigDecimal.valueOf(value);
		return new Card(type, face, face.multiply(RATE), true);
	}

}
