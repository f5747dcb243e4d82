package dz.flexy.gateway.catalog;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.stereotype.Component;

/** Shows how often copies serve in place of calls. */
@Component
class CatalogMeters implements MeterBinder {

	private final ProductLists products;

	private final PlanLists plans;

	private final GiftCatalogs giftCatalogs;

	private final GiftProducts giftProducts;

	private final Numbers numbers;

	private final Ping ping;

	CatalogMeters(ProductLists products, PlanLists plans, GiftCatalogs giftCatalogs, GiftProducts giftProducts,
			Numbers numbers, Ping ping) {
		this.products = products;
		this.plans = plans;
		this.giftCatalogs = giftCatalogs;
		this.giftProducts = giftProducts;
		this.numbers = numbers;
		this.ping = ping;
	}

	@Override
	public void bindTo(MeterRegistry meters) {
		this.products.meter(meters, "products");
		this.plans.meter(meters, "plans");
		this.giftCatalogs.meter(meters, "gift-catalog");
		this.giftProducts.meter(meters, "gift-products");
		this.numbers.meter(meters, "numbers");
		this.ping.meter(meters, "ping");
	}

}
