package dz.flexy.gateway.catalog;

import java.util.ArrayList;
import java.util.List;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.upstream.GiftCatalog;
import dz.flexy.gateway.upstream.GiftProduct;
import dz.flexy.gateway.upstream.GiftType;
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Plan;
import dz.flexy.gateway.upstream.Plans;
import dz.flexy.gateway.upstream.Product;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers what it was told to and counts who asks; fails until told otherwise. */
final class FakeSource implements Source {

	Mono<List<Product>> products = Mono.error(new IllegalStateException("upstream fails"));

	Mono<Outcome<NumberCheck>> number = Mono.error(new IllegalStateException("upstream fails"));

	Mono<Outcome<JsonNode>> ping = Mono.error(new IllegalStateException("upstream fails"));

	Mono<Plans> plans = Mono.error(new IllegalStateException("upstream fails"));

	Mono<GiftCatalog> giftCatalog = Mono.error(new IllegalStateException("upstream fails"));

	Mono<Outcome<GiftProduct>> giftProduct = Mono.error(new IllegalStateException("upstream fails"));

	int listReads;

	int pings;

	final List<Inquiry> inquiries = new ArrayList<>();

	/** Ids of gift cards, with {@code !} before those that a send asked for. */
	final List<String> gifts = new ArrayList<>();

	@Override
	public Mono<List<Product>> products(AccountId account, String type) {
		return Mono.defer(() -> {
			this.listReads++;
			return this.products;
		});
	}

	@Override
	public Mono<Plans> plans(AccountId account) {
		return Mono.defer(() -> {
			this.listReads++;
			return this.plans;
		});
	}

	@Override
	public Mono<GiftCatalog> giftCatalog(AccountId account) {
		return Mono.defer(() -> {
			this.listReads++;
			return this.giftCatalog;
		});
	}

	@Override
	public Mono<Outcome<GiftProduct>> giftProduct(GiftKey key, boolean sending) {
		return Mono.defer(() -> {
			this.gifts.add((sending ? "!" : "") + key.productId());
			return this.giftProduct;
		});
	}

	@Override
	public Mono<Outcome<NumberCheck>> number(Inquiry inquiry) {
		return Mono.defer(() -> {
			this.inquiries.add(inquiry);
			return this.number;
		});
	}

	@Override
	public Mono<Outcome<JsonNode>> ping() {
		return Mono.defer(() -> {
			this.pings++;
			return this.ping;
		});
	}

	void sells(Product... products) {
		this.products = Mono.just(List.of(products));
	}

	void offers(Plan... plans) {
		this.plans = Mono.just(new Plans(List.of(plans), true, JsonMapper.shared().createObjectNode()));
	}

	void stocks(GiftType... types) {
		this.giftProduct = Mono.just(new Outcome.Success<>(
				new GiftProduct(List.of(types), true, JsonMapper.shared().createObjectNode()), "-"));
	}

	void fails() {
		this.products = Mono.error(new IllegalStateException("upstream fails"));
		this.plans = Mono.error(new IllegalStateException("upstream fails"));
		this.giftCatalog = Mono.error(new IllegalStateException("upstream fails"));
		this.giftProduct = Mono.error(new IllegalStateException("upstream fails"));
	}

}
