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

	private final PlanLists plans;

	private final GiftProducts gifts;

	private final Numbers numbers;

	Catalog(ProductLists products, PlanLists plans, GiftProducts gifts, Numbers numbers) {
		this.products = products;
		this.plans = plans;
		this.gifts = gifts;
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

	/**
	 * Whether a list of plans at most 30 s old says no. No I/O. Plans of bills
	 * ({@code FACTURE_...}) and menus ({@code GETMENU...}) are never refused here. A
	 * disabled plan is {@code ERR_VALIDATION} because that is what the upstream documents
	 * for mobile sends; {@code ERR_STOCK} it documents for internet cards only.
	 * @param account whose list
	 * @param planCode as the caller wrote it
	 * @param amount in DZD, if he named one
	 * @return {@code ERR_VALIDATION} naming {@code plan_code} if there is no such plan or
	 * it is disabled, or {@code amount} with {@code min} and {@code max} if a plan with a
	 * range lacks one, or it isn't whole or out of that range; empty if the list is fine
	 * with it, older or unknown
	 */
	public Optional<Problem> planRefusal(AccountId account, String planCode, Optional<BigDecimal> amount) {
		return this.plans.recentlyKnown(account).flatMap((list) -> list.refusal(planCode, amount));
	}

	/**
	 * Amount and price as far as known, and a refusal as {@link #planRefusal} has them,
	 * if a list at most 30 s old says no. An older list that says no is read anew first;
	 * one over an hour old is not believed at all. Reads are waited for 2 s in all, but
	 * go on and are remembered.
	 * @param account whose list
	 * @param planCode as the caller wrote it
	 * @param amount in DZD, if he named one
	 * @return exactly one, never a failure; with nothing in it if nothing can be known
	 */
	public Mono<PlanOffer> planOffer(Account account, String planCode, Optional<BigDecimal> amount) {
		return this.plans.judged(account.id(), (list) -> list.refusal(planCode, amount).isPresent())
			.map((seen) -> PlanOffer.of(seen.value(), planCode, amount, seen.recent()))
			.onErrorReturn(PlanOffer.unknown(planCode));
	}

	/**
	 * The same by a list at most 30 s old, read anew if need be.
	 * @param account whose list
	 * @param planCode as the caller wrote it
	 * @param amount in DZD, if he named one
	 * @return empty if no such list can be had within 2 s; never a failure
	 */
	public Mono<PlanOffer> recentPlanOffer(Account account, String planCode, Optional<BigDecimal> amount) {
		return this.plans.recent(account.id())
			.map((list) -> PlanOffer.of(list, planCode, amount, true))
			.timeout(PATIENCE)
			.onErrorComplete();
	}

	/**
	 * The upstream refused what a list of plans allowed, by its plan or amount: the list
	 * is read anew before it is next believed. Not for a refused number, which says
	 * nothing of the plans.
	 * @param account whose send
	 */
	public void plansDoubted(AccountId account) {
		this.plans.doubt(account);
	}

	/**
	 * Whether the upstream said no at most 30 s ago, or the id can be none. No I/O.
	 * @param account with whose key it was asked
	 * @param productId as the caller wrote it
	 * @param typeId as the caller wrote it; {@code TEST_...} need not be known
	 * @param quantity at least 1
	 * @return {@code ERR_VALIDATION} naming {@code productId} or {@code typeId} if there
	 * is none such, {@code ERR_STOCK} if there are fewer; empty if that many are in
	 * stock, or the answer is older or not known
	 */
	public Optional<Problem> giftRefusal(AccountId account, String productId, String typeId, int quantity) {
		GiftKey key = new GiftKey(account, productId);
		return key.refusal()
			.or(() -> this.gifts.recentlyKnown(key).flatMap((answer) -> answer.refusal(productId, typeId, quantity)));
	}

	/**
	 * The whole price as far as known, and a refusal as {@link #giftRefusal} has them, if
	 * an answer at most 30 s old says no. An older one that says no is asked for anew
	 * first; one over an hour old is not believed at all. Reads are waited for 2 s in
	 * all, but go on and are remembered.
	 * @param account with whose key
	 * @param productId as the caller wrote it
	 * @param typeId as the caller wrote it; {@code TEST_...} need not be known
	 * @param quantity at least 1
	 * @return exactly one, never a failure; with neither if nothing can be known
	 */
	public Mono<GiftOffer> giftOffer(Account account, String productId, String typeId, int quantity) {
		GiftKey key = new GiftKey(account.id(), productId);
		return key.refusal()
			.map((refusal) -> Mono.just(GiftOffer.refused(refusal)))
			.orElseGet(() -> this.gifts.judged(key, (answer) -> answer.refusal(productId, typeId, quantity).isPresent())
				.map((seen) -> giftOffer(key, seen.value(), seen.recent(), typeId, quantity))
				.onErrorReturn(GiftOffer.UNKNOWN));
	}

	/**
	 * The same by an answer at most 30 s old, asked for anew if need be.
	 * @param account with whose key
	 * @param productId as the caller wrote it
	 * @param typeId as the caller wrote it; {@code TEST_...} need not be known
	 * @param quantity at least 1
	 * @return empty if no such answer can be had within 2 s; never a failure
	 */
	public Mono<GiftOffer> recentGiftOffer(Account account, String productId, String typeId, int quantity) {
		GiftKey key = new GiftKey(account.id(), productId);
		return key.refusal()
			.map((refusal) -> Mono.just(GiftOffer.refused(refusal)))
			.orElseGet(() -> this.gifts.recent(key)
				.map((answer) -> giftOffer(key, answer, true, typeId, quantity))
				.timeout(PATIENCE)
				.onErrorComplete());
	}

	/**
	 * The upstream refused a send for stock: the product is asked for anew before its
	 * copy is next believed.
	 * @param account whose send
	 * @param productId whose stock
	 */
	public void giftStockRefused(AccountId account, String productId) {
		this.gifts.doubt(new GiftKey(account, productId));
	}

	private static GiftOffer giftOffer(GiftKey key, GiftAnswer answer, boolean recent, String typeId, int quantity) {
		return new GiftOffer(answer.cost(typeId, quantity),
				recent ? answer.refusal(key.productId(), typeId, quantity) : Optional.empty());
	}

	private static Optional<Problem> refusal(Verdict verdict) {
		return (verdict instanceof Verdict.Refused refused) ? Optional.of(refused.problem()) : Optional.empty();
	}

}
