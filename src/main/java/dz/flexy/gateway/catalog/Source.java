package dz.flexy.gateway.catalog;

import java.util.List;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.upstream.GiftCatalog;
import dz.flexy.gateway.upstream.GiftProduct;
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Plans;
import dz.flexy.gateway.upstream.Product;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What this module reads upstream; each subscription is one call. */
interface Source {

	/** Emits exactly one list, or a {@code Problem}. */
	Mono<List<Product>> products(AccountId account, String type);

	/** Emits exactly one list, or a {@code Problem}. */
	Mono<Plans> plans(AccountId account);

	/** Emits exactly one catalogue, or a {@code Problem}. */
	Mono<GiftCatalog> giftCatalog(AccountId account);

	/** In the lane of sends or of lookups. */
	Mono<Outcome<GiftProduct>> giftProduct(GiftKey key, boolean sending);

	Mono<Outcome<NumberCheck>> number(Inquiry inquiry);

	Mono<Outcome<JsonNode>> ping();

}
