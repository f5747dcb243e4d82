package dz.flexy.gateway.catalog;

import java.util.List;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Product;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What this module reads upstream; each subscription is one call. */
interface Source {

	/** Emits exactly one list, or a {@code Problem}. */
	Mono<List<Product>> products(AccountId account, String type);

	Mono<Outcome<NumberCheck>> number(Inquiry inquiry);

	Mono<Outcome<JsonNode>> ping();

}
