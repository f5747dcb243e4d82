package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Accounts;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.DirectOrders;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Upstream;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.stereotype.Component;

/**
 * What callers sent upstream themselves, as long as their {@code direct-until} has not
 * passed: a ref that stands there is not sent again, and what the ledger does not know is
 * asked for there.
 */
@Component
class CutOver implements DirectOrders {

	private static final Duration LOOKUP_WAIT = Duration.ofSeconds(2);

	private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

	private final Upstream upstream;

	private final Accounts accounts;

	private final Orders orders;

	CutOver(Upstream upstream, Accounts accounts, Orders orders) {
		this.upstream = upstream;
		this.accounts = accounts;
		this.orders = orders;
	}

	/**
	 * Why an order must not be sent now: its caller has sent the ref upstream himself, or
	 * that cannot be found out.
	 * @return empty if it may be sent; else {@code DUPLICATED_REF}, or the outcome of a
	 * look that failed, to be tried again
	 */
	Mono<Finding> before(Account account, Order order) {
		if (!order.sending().askFirst() || order.family() == Family.GIFT_CARD) {
			return Mono.just(Finding.ABSENT);
		}
		return this.upstream.shownByRef(Call.send(account, LOOKUP_WAIT), order.family(), order.ref())
			.map((outcome) -> switch (outcome) {
				case Outcome.Success<ObjectNode> found -> Finding.PRESENT;
				case Outcome.Refused<ObjectNode> refused ->
					refused.refusal().is(ErrorCode.NOT_FOUND) ? Finding.ABSENT : Finding.UNCLEAR;
				case Outcome.NotSent<ObjectNode> notSent -> Finding.UNCLEAR;
				case Outcome.MayHaveActed<ObjectNode> unclear -> Finding.UNCLEAR;
			});
	}

	@Override
	public Mono<ObjectNode> byId(AccountId account, Family family, String id) {
		return ID.matcher(id).matches() ? foreign(account, this.upstream.shownById(lookup(account), family, id))
				: Mono.empty();
	}

	@Override
	public Mono<ObjectNode> byRef(AccountId account, Family family, String ref) {
		return (family == Family.GIFT_CARD || isPathLike(ref)) ? Mono.empty()
				: foreign(account, this.upstream.shownByRef(lookup(account), family, ref));
	}

	/** One that would not stay one segment of a path. */
	private static boolean isPathLike(String ref) {
		return ref.isEmpty() || ref.equals(".") || ref.equals("..") || !ref.codePoints().allMatch(Fields::printable);
	}

	/** The gateway's own orders have owners, who find them by the gateway's ids. */
	private Mono<ObjectNode> foreign(AccountId account, Mono<Outcome<ObjectNode>> look) {
		return look
			.flatMap((outcome) -> (outcome instanceof Outcome.Refused<ObjectNode> refused
					&& refused.refusal().is(ErrorCode.NOT_FOUND)) ? Mono.empty() : Mono.just(outcome.orThrow()))
			.filter((order) -> !OrderId.isUpstreamRef(order.path("ref").asString("")))
			.filterWhen((order) -> this.orders
				.known(account, List.of(order.path("_id").asString(order.path("id").asString(""))))
				.map((known) -> known.isEmpty()));
	}

	private Call lookup(AccountId account) {
		return Call.lookup(this.accounts.get(account), LOOKUP_WAIT);
	}

	/** What the upstream has under a caller's own ref. */
	enum Finding {

		/** Nothing: it may be sent. */
		ABSENT,
		/** An order: it must not be sent. */
		PRESENT,
		/** It could not be asked: not now. */
		UNCLEAR

	}

	/** Why the order is refused. */
	static Problem duplicate(Order order) {
		return Problem.of(ErrorCode.DUPLICATED_REF, "this ref was sent to the upstream before")
			.detail("ref", order.ref())
			.money(false, false);
	}

}
