package dz.flexy.gateway.catalog;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.problem.Problem;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * What may be refused before the upstream is asked to sell, and at what price it sells.
 * The upstream decides: whatever isn't known for certain here passes.
 */
@Component
public class Catalog {

	/** A send waits no longer for any one answer of this module. */
	static final Duration PATIENCE = Duration.ofSeconds(2);

	private final ProductLists products;

	private final Numbers numbers;

	Catalog(ProductLists products, Numbers numbers) {
		this.products = products;
		this.numbers = numbers;
	}

	/**
	 * Whether a product list at most 30 s old says no. No I/O.
	 * @param account whose list
	 * @param type {@code ADSL} or {@code 4G}
	 * @param value denomination in DZD
	 * @return {@code ERR_VALIDATION} if no card has the value, {@code ERR_STOCK} if it is
	 * sold out; empty if the list is fine with it, older or unknown
	 */
	public Optional<Problem> refusal(AccountId account, String type, BigDecimal value) {
		return this.products.recentlyKnown(new ListKey(account, type)).flatMap((list) -> list.refusal(value));
	}

	/**
	 * The price as far as known, and a refusal if a list at most 30 s old says no. An
	 * older list that says no is read anew first; one over an hour old is not believed at
	 * all. Reads are waited for 2 s in all, but go on and are remembered.
	 * @param account whose list
	 * @param type {@code ADSL} or {@code 4G}
	 * @param value denomination in DZD
	 * @return exactly one, never a failure; with neither if nothing can be known
	 */
	public Mono<Offer> offer(Account account, String type, BigDecimal value) {
		return this.products.judged(new ListKey(account.id(), type), (list) -> list.refusal(value).isPresent())
			.map((seen) -> Offer.of(seen.value(), value, seen.recent()))
			.onErrorReturn(Offer.UNKNOWN);
	}

	/**
	 * The price by a list at most 30 s old, read anew if need be.
	 * @param account whose list
	 * @param type {@code ADSL} or {@code 4G}
	 * @param value denomination in DZD
	 * @return empty if no such list can be had within 2 s; never a failure
	 */
	public Mono<Offer> recentOffer(Account account, String type, BigDecimal value) {
		return this.products.recent(new ListKey(account.id(), type))
			.map((list) -> Offer.of(list, value, true))
			.timeout(PATIENCE)
			.onErrorComplete();
	}

	/**
	 * The number check inside a send: a remembered verdict, else one call in the send
	 * lane.
	 * @param account with whose key
	 * @param type {@code ADSL} or {@code 4G}
	 * @param number in the format of its type
	 * @return exactly one, never a failure: {@code ERR_PHONE}, or empty if the number is
	 * good or nothing is known of it within 2 s; a later answer is still remembered
	 */
	public Mono<Optional<Problem>> numberRefusal(Account account, String type, String number) {
		return this.numbers.verdict(new Inquiry(account.id(), type, number, true))
			.map(Catalog::refusal)
			.timeout(PATIENCE)
			.onErrorReturn(Optional.empty());
	}

	/**
	 * The upstream refused a send for stock: the list of that type is read anew before it
	 * is next believed.
	 * @param account whose send
	 * @param type {@code ADSL} or {@code 4G}
	 */
	public void stockRefused(AccountId account, String type) {
		this.products.doubt(new ListKey(account, type));
	}

	private static Optional<Problem> refusal(Verdict verdict) {
		return (verdict instanceof Verdict.Refused refused) ? Optional.of(refused.problem()) : Optional.empty();
	}

}
