package dz.flexy.gateway.catalog;

import java.util.ArrayList;
import java.util.List;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Product;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Answers what it was told to and counts who asks; fails until told otherwise. */
final class FakeSource implements Source {

	Mono<List<Product>> products = Mono.error(new IllegalStateException("upstream fails"));

	Mono<Outcome<NumberCheck>> number = Mono.error(new IllegalStateException("upstream fails"));

	Mono<Outcome<JsonNode>> ping = Mono.error(new IllegalStateException("upstream fails"));

	int listReads;

	int pings;

	final List<Inquiry> inquiries = new ArrayList<>();

	@Override
	public Mono<List<Product>> products(AccountId account, String type) {
		return Mono.defer(() -> {
			this.listReads++;
			return this.products;
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

	void fails() {
		this.products = Mono.error(new IllegalStateException("upstream fails"));
	}

}
