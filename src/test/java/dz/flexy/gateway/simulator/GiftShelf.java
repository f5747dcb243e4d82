package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The gift cards that one account may buy, in categories. Ids of products and types are
 * strings, products' ones like those of orders, types' ones free text: both are
 * published. Thread-safe.
 */
final class GiftShelf {

	/**
	 * One kind of card.
	 *
	 * @param quantity what is left in stock
	 */
	record Type(String id, String name, BigDecimal price, int quantity) {

		Type with(BigDecimal otherPrice, int otherQuantity) {
			return new Type(this.id, this.name, otherPrice, otherQuantity);
		}

	}

	/**
	 * A product.
	 *
	 * @param region empty where none is told
	 */
	record Product(String category, String id, String title, boolean enabled, String region, List<Type> types) {
	}

	private static final String PSN = "507f1f77bcf86cd799439011";

	private final List<Product> products = new ArrayList<>();

	GiftShelf() {
		this.products.add(new Product("Gaming Cards", PSN, "PlayStation Network", true, "dz",
				List.of(type("type_001", "PSN 500 DA", 490, 150), type("type_002", "PSN 1000 DA", 980, 87),
						type("type_003", "PSN 2000 DA", 1960, 0))));
		this.products.add(new Product("Gaming Cards", "507f1f77bcf86cd799439012", "Google Play Gift Card", true, "",
				List.of(type("type_011", "Google Play 10 USD", 1450, 1000))));
		this.products.add(new Product("Gaming Cards", "507f1f77bcf86cd799439013", "Withdrawn Card", false, "",
				List.of(type("type_021", "Withdrawn 500 DA", 490, 10))));
		this.products.add(new Product("Streaming Services", "507f1f77bcf86cd799439014", "Netflix Gift Card", true, "",
				List.of(type("type_031", "Netflix 25 USD", 3625, 40))));
		this.products
			.add(new Product("Simulator", "507f1f77bcf86cd799439099", "Simulator Card", true, "", outcomes().toList()));
	}

	synchronized List<Product> products() {
		return List.copyOf(this.products);
	}

	synchronized Optional<Product> product(String id) {
		return this.products.stream().filter((product) -> product.id().equals(id)).findFirst();
	}

	/** That product's type; the published test types are every product's. */
	synchronized Optional<Type> type(String product, String type) {
		return product(product)
			.flatMap((found) -> Stream.concat(found.types().stream(), outcomes().filter(GiftShelf::isPublishedTest))
				.filter((candidate) -> candidate.id().equals(type))
				.findFirst());
	}

	synchronized void take(String product, String type, int quantity) {
		replace(type, product, (found) -> found.with(found.price(), found.quantity() - quantity));
	}

	synchronized void stock(String type, int quantity) {
		replace(type, "", (found) -> found.with(found.price(), quantity));
	}

	synchronized void price(String type, BigDecimal price) {
		replace(type, "", (found) -> found.with(price, found.quantity()));
	}

	synchronized void enable(String id, boolean enabled) {
		this.products.replaceAll((product) -> product.id().equals(id) ? new Product(product.category(), product.id(),
				product.title(), enabled, product.region(), product.types()) : product);
	}

	/** An empty product means each. */
	private void replace(String type, String product, UnaryOperator<Type> change) {
		this.products.replaceAll((found) -> (product.isEmpty() || found.id().equals(product))
				? new Product(found.category(), found.id(), found.title(), found.enabled(), found.region(),
						found.types()
							.stream()
							.map((candidate) -> candidate.id().equals(type) ? change.apply(candidate) : candidate)
							.toList())
				: found);
	}

	private static Stream<Type> outcomes() {
		return Stream.of(GiftOutcome.values())
			.filter((outcome) -> outcome != GiftOutcome.ORDINARY)
			.map((outcome) -> type(outcome.name(), "Card " + outcome.name(), 500,
					(outcome == GiftOutcome.SIM_NO_STOCK) ? 0 : 100_000));
	}

	private static boolean isPublishedTest(Type type) {
		return type.id().startsWith("TEST_");
	}

	private static Type type(String id, String name, int price, int quantity) {
		return new Type(id, name, BigDecimal.valueOf(price), quantity);
	}

}
