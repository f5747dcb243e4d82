package dz.flexy.gateway.upstream;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.breaker.Breakers;
import dz.flexy.gateway.breaker.Breakers.Side;
import dz.flexy.gateway.budget.Budget;
import dz.flexy.gateway.problem.ErrorCode;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;
import org.springframework.web.util.UriBuilder;

/**
 * What can be read from the upstream. Every call emits exactly one {@link Outcome} and is
 * made on subscription; subscribing twice calls twice; cancelling closes the connection.
 */
@Component
public class Upstream {

	private static final int LARGEST_PAGE = 100;

	private final Transport transport;

	private final KeyCheck key;

	private final TopupDecoder topups;

	private final CatalogDecoder catalog;

	private final MovementDecoder movements;

	private final Budget budget;

	private final Breakers breakers;

	private final UpstreamProperties properties;

	Upstream(Transport transport, KeyCheck key, TopupDecoder topups, CatalogDecoder catalog, MovementDecoder movements,
			Budget budget, Breakers breakers, UpstreamProperties properties) {
		this.transport = transport;
		this.key = key;
		this.topups = topups;
		this.catalog = catalog;
		this.movements = movements;
		this.budget = budget;
		this.breakers = breakers;
		this.properties = properties;
	}

	/**
	 * The cards on sale (contract section 4.1).
	 * @param call on whose account
	 * @param type {@code ADSL} or {@code 4G}
	 * @return the list, without doubles
	 */
	public Mono<Outcome<List<Product>>> internetProducts(Call call, String type) {
		return read(call, new Request<>("internet.products", Family.INTERNET, Side.READ,
				(uri) -> uri.path("/v3/internet/products").queryParam("type", type).build(), ReadDecoder::products));
	}

	/**
	 * What the operator knows of a number (contract section 4.2).
	 * @param call on whose account
	 * @param type {@code ADSL} or {@code 4G}
	 * @param number in the format of its type
	 * @return the answer; a refusal with {@code ERR_PHONE} says that it knows none such
	 */
	public Mono<Outcome<NumberCheck>> checkNumber(Call call, String type, String number) {
		return read(call,
				new Request<>("internet.check-number", Family.INTERNET, Side.READ,
						(uri) -> uri.path("/v3/internet/check-number")
							.queryParam("type", type)
							.queryParam("number", number)
							.build(),
						ReadDecoder::number));
	}

	/**
	 * The mobile plans (contract section 5.1).
	 * @param call on whose account
	 * @return the plans
	 */
	public Mono<Outcome<Plans>> mobilePlans(Call call) {
		return read(call, new Request<>("mobile.plans", Family.MOBILE, Side.READ,
				(uri) -> uri.path("/v3/mobile/plans").build(), this.catalog::plans));
	}

	/**
	 * The gift cards by category (contract section 6.1).
	 * @param call on whose account
	 * @return the catalogue
	 */
	public Mono<Outcome<GiftCatalog>> giftCatalog(Call call) {
		return read(call, new Request<>("gift-cards.catalog", Family.GIFT_CARD, Side.READ,
				(uri) -> uri.path("/v3/gift-cards/catalog").build(), this.catalog::giftCatalog));
	}

	/**
	 * Prices and stock of one gift card (contract section 6.2).
	 * @param call on whose account
	 * @param productId its id in the catalogue
	 * @return the product; a refusal with {@code NOT_FOUND} if there is none
	 */
	public Mono<Outcome<GiftProduct>> giftProduct(Call call, String productId) {
		return read(call, new Request<>("gift-cards.check-product", Family.GIFT_CARD, Side.READ,
				(uri) -> uri.path("/v3/gift-cards/checkProduct/{id}").build(productId), this.catalog::giftProduct));
	}

	/**
	 * The account's balance in DZD (contract section 3.1).
	 * @param call on whose account
	 * @return the balance
	 */
	public Mono<Outcome<BigDecimal>> balance(Call call) {
		return read(call, new Request<>("account.balance", Family.INTERNET, Side.READ,
				(uri) -> uri.path("/v3/account/balance").build(), ReadDecoder::balance));
	}

	/**
	 * The upstream's word on its operators (contract section 2.1).
	 * @param call on whose account
	 * @return its {@code data} as it came
	 */
	public Mono<Outcome<JsonNode>> ping(Call call) {
		return read(call, new Request<>("ping", Family.INTERNET, Side.READ, (uri) -> uri.path("/v3/ping").build(),
				ReadDecoder::object));
	}

	/**
	 * One order by the upstream's id (contract sections 4.4, 5.3 and 6.4).
	 * @param call on whose account
	 * @param family of which product
	 * @param id the upstream's id
	 * @return the order; a refusal with {@code NOT_FOUND} if there is none
	 */
	public Mono<Outcome<Topup>> topup(Call call, Family family, String id) {
		return read(call, byId(family, id, this.topups.of(family)));
	}

	/**
	 * One top-up by our reference; where the bare one is not found the prefixed one is
	 * tried (contract section 10.3), so a miss costs two calls.
	 * @param call on whose account
	 * @param family of which product, not of gift cards: they have no reference
	 * @param ref our reference as sent
	 * @return the top-up; a refusal with {@code NOT_FOUND} if there is none
	 */
	public Mono<Outcome<Topup>> topupByRef(Call call, Family family, String ref) {
		return bareOrPrefixed(call, family, ref, this.topups.of(family));
	}

	/**
	 * One order by the upstream's id, as it is shown.
	 * @param call on whose account
	 * @param family of which product
	 * @param id the upstream's id
	 * @return its {@code data}; a refusal with {@code NOT_FOUND} if there is none
	 */
	public Mono<Outcome<ObjectNode>> shownById(Call call, Family family, String id) {
		return read(call, byId(family, id, ReadDecoder::order));
	}

	/**
	 * One order by the reference that it was sent with, as it is shown; a miss costs two
	 * calls, as {@link #topupByRef} does.
	 * @param call on whose account
	 * @param family of which product, not of gift cards: they have no reference
	 * @param ref the bare reference
	 * @return its {@code data}; a refusal with {@code NOT_FOUND} if there is none
	 */
	public Mono<Outcome<ObjectNode>> shownByRef(Call call, Family family, String ref) {
		return bareOrPrefixed(call, family, ref, ReadDecoder::order);
	}

	/**
	 * One page of what was ordered in a time, 100 rows at most (contract section 4.6).
	 * @param call on whose account
	 * @param family of which product
	 * @param from earliest creation
	 * @param to latest creation
	 * @param page from 1
	 * @return the page
	 */
	public Mono<Outcome<TopupPage>> topups(Call call, Family family, Instant from, Instant to, int page) {
		return read(call,
				new Request<>(family.label() + ".list", family, Side.READ,
						(uri) -> listed(uri, "/v3/" + family.label() + "/list", from, to, page),
						(data) -> this.topups.page(family, data, page)));
	}

	/**
	 * One page of what moved on the account in a time, 100 rows at most (contract section
	 * 3.2).
	 * @param call on whose account
	 * @param from earliest time
	 * @param to latest time
	 * @param page from 1
	 * @return the page
	 */
	public Mono<Outcome<MovementPage>> movements(Call call, Instant from, Instant to, int page) {
		return read(call,
				new Request<>("account.transactions", Family.OTHER, Side.READ,
						(uri) -> listed(uri, "/v3/account/transactions", from, to, page),
						(data) -> this.movements.page(data, page)));
	}

	/**
	 * How long a number of calls would take if they were asked for now.
	 * @param account whose budget
	 * @param calls how many
	 * @return zero or more
	 */
	public Duration timeFor(Account account, long calls) {
		return this.budget.timeFor(account, calls);
	}

	/**
	 * Whether nearly all of an account's calls are used, by all replicas together.
	 * @param account whose budget
	 * @return whether lookups have to wait for calls to come back, as last heard
	 */
	public boolean isScarce(Account account) {
		return this.budget.isScarce(account);
	}

	/**
	 * Whether a send would be refused at once, by the budget or the breaker.
	 * @param account on whose account
	 * @param family of which product
	 * @param longestWait for a permit
	 * @return whether it is of no use to begin one now
	 */
	public boolean restsFromSending(Account account, Family family, Duration longestWait) {
		return this.budget.timeFor(account, 0).compareTo(longestWait) > 0
				|| this.breakers.rest(account.id(), family, Side.SEND).isPositive();
	}

	/**
	 * How long after its first byte a send may still be answered.
	 * @return {@code gateway.upstream.response-timeout}
	 */
	public Duration longestAnswer() {
		return this.properties.responseTimeout();
	}

	/**
	 * Whether the account may not buy at present; never calls the upstream.
	 * @param account which
	 * @return empty unless its key was refused or is READ-ONLY; also empty if that cannot
	 * be known now
	 */
	public Mono<Outcome.NotSent<Void>> stopped(Account account) {
		return this.key.stopped(account);
	}

	private static URI listed(UriBuilder uri, String path, Instant from, Instant to, int page) {
		return uri.path(path)
			.queryParam("page", page)
			.queryParam("pageSize", LARGEST_PAGE)
			.queryParam("from", millis(from))
			.queryParam("to", millis(to))
			.build();
	}

	private static String millis(Instant instant) {
		return instant.truncatedTo(ChronoUnit.MILLIS).toString().toUpperCase(Locale.ROOT);
	}

	private <T> Mono<Outcome<T>> bareOrPrefixed(Call call, Family family, String ref,
			Function<JsonNode, Optional<T>> decode) {
		return read(call, byRef(family, ref, decode)).flatMap((outcome) -> {
			boolean absent = outcome instanceof Outcome.Refused<T> refused && refused.refusal().is(ErrorCode.NOT_FOUND);
			return absent ? prefixed(call, family, ref, decode) : Mono.just(outcome);
		});
	}

	private static <T> Request<T> byId(Family family, String id, Function<JsonNode, Optional<T>> decode) {
		String check = (family == Family.GIFT_CARD) ? "checkOrder" : "check-id";
		return new Request<>(family.label() + "." + check, family, Side.READ,
				(uri) -> uri.path("/v3/" + family.label() + "/" + check + "/{id}").build(id), decode);
	}

	private static <T> Request<T> byRef(Family family, String ref, Function<JsonNode, Optional<T>> decode) {
		return new Request<>(family.label() + ".check-ref", family, Side.READ,
				(uri) -> uri.path("/v3/" + family.label() + "/check-ref/{ref}").build(ref), decode);
	}

	private <T> Mono<Outcome<T>> prefixed(Call call, Family family, String ref,
			Function<JsonNode, Optional<T>> decode) {
		return this.key.passed(call)
			.flatMap((passed) -> (passed instanceof Outcome.Success<Standing.Active> active)
					? read(call, byRef(family, "API-" + active.value().username() + "-" + ref, decode))
					: Mono.just(passed.retyped()));
	}

	private <T> Mono<Outcome<T>> read(Call call, Request<T> request) {
		return this.key.passed(call)
			.flatMap((passed) -> (passed instanceof Outcome.Success<?>)
					? this.transport.read(call, request).flatMap((outcome) -> this.key.heed(call.account(), outcome))
					: Mono.just(passed.retyped()));
	}

}
