package dz.flexy.gateway.catalog;

import java.time.Clock;
import java.time.Duration;

import org.springframework.stereotype.Component;

/** The internet cards of each account and type. */
@Component
class ProductLists extends Copies<ListKey, ProductList> {

	/** Contract section 11, row 9. */
	static final Duration FRESH = Duration.ofMinutes(5);

	ProductLists(Source source, Clock clock) {
		super(clock, FRESH, (key) -> source.products(key.account(), key.type())
			.map((products) -> new ProductList(products, key.type())));
	}

}
