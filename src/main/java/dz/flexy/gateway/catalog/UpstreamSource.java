package dz.flexy.gateway.catalog;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.GiftCatalog;
import dz.flexy.gateway.upstream.GiftProduct;
import dz.flexy.gateway.upstream.NumberCheck;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Plans;
import dz.flexy.gateway.upstream.Product;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;

/** Reads from the upstream, in the lane of whoever waits. */
@Component
class UpstreamSource implements Source {

	private final Upstream upstream;

	private final Accounts accounts;

	private final Duration lookupWait;

	UpstreamSource(Upstream upstream, Accounts accounts, CatalogProperties properties) {
		this.upstream = upstream;
		this.accounts = accounts;
		this.lookupWait = properties.lookupWait();
	}

	/** Sends wait for the price, and a flood of lookups must not keep them waiting. */
	@Override
	public Mono<List<Product>> products(AccountId account, String type) {
		return this.upstream.internetProducts(Call.send(this.accounts.get(account), this.lookupWait), type)
			.map(Outcome::orThrow);
	}

	/** Sends wait for these as well. */
	@Override
	public Mono<Plans> plans(AccountId account) {
		return this.upstream.mobilePlans(Call.send(this.accounts.get(account), this.lookupWait)).map(Outcome::orThrow);
	}

	@Override
	public Mono<GiftCatalog> giftCatalog(AccountId account) {
		return this.upstream.giftCatalog(lookup(this.accounts.get(account))).map(Outcome::orThrow);
	}

	/** Callers choose the ids, so only a send's may use the lane of sends. */
	@Override
	public Mono<Outcome<GiftProduct>> giftProduct(GiftKey key, boolean sending) {
		Account account = this.accounts.get(key.account());
		Call call = sending ? Call.send(account, Catalog.PATIENCE) : lookup(account);
		return this.upstream.giftProduct(call, key.productId());
	}

	@Override
	public Mono<Outcome<NumberCheck>> number(Inquiry inquiry) {
		Account account = this.accounts.get(inquiry.account());
		Call call = inquiry.sending() ? Call.send(account, Catalog.PATIENCE) : lookup(account);
		return this.upstream.checkNumber(call, inquiry.type(), inquiry.number());
	}

	/** Asks with the account whose name comes first. */
	@Override
	public Mono<Outcome<JsonNode>> ping() {
		Account first = this.accounts.all()
			.stream()
			.min(Comparator.comparing((account) -> account.id().value()))
			.orElseThrow();
		return this.upstream.ping(Call.refresh(first));
	}

	private Call lookup(Account account) {
		return Call.lookup(account, this.lookupWait);
	}

}
