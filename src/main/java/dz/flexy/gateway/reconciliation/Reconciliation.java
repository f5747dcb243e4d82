package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.orders.Orders;
import dz.flexy.gateway.passthrough.PaymentBook;
import dz.flexy.gateway.reconciliation.BookStore.Charged;
import dz.flexy.gateway.reconciliation.Comparison.Verdict;
import dz.flexy.gateway.upstream.Topup;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/**
 * Compares three books: the orders of the ledger, the upstream's lists, and the account's
 * ledger there. What differs on paper is only suspected; both sides are read anew, order
 * by order, before it is called a break.
 */
@Component
class Reconciliation {

	private static final int PAGE = 200;

	/**
	 * An order may wait that long before it is sent, and be sent in the time compared.
	 */
	private static final Duration LONGEST_QUEUE = Duration.ofDays(1);

	/** The clocks of the replicas, by which ids are made, the database's, and theirs. */
	private static final Duration SKEW = Duration.ofMinutes(1);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Orders orders;

	private final PaymentBook payments;

	private final BookStore books;

	private final UpstreamBooks upstream;

	private final Corrections corrections;

	private final Findings findings;

	private final Duration grace;

	Reconciliation(Orders orders, PaymentBook payments, BookStore books, UpstreamBooks upstream,
			Corrections corrections, Findings findings, ReconciliationProperties properties) {
		this.orders = orders;
		this.payments = payments;
		this.books = books;
		this.upstream = upstream;
		this.corrections = corrections;
		this.findings = findings;
		this.grace = properties.grace();
	}

	/**
	 * Compares everything once; what could not be read is noted in the pass.
	 * @return completes when all is noted; fails only if the database does
	 */
	Mono<Void> compare(Pass pass) {
		Flux<Void> theirs = Flux.fromIterable(Family.SOLD).concatMap((family) -> unmatched(pass, family));
		Flux<Void> charges = Flux.fromIterable(List.of(Family.values())).concatMap((family) -> unlisted(pass, family));
		return this.upstream.read(pass)
			.then(ours(pass))
			.thenMany(theirs)
			.thenMany(charges)
			.then(Mono.defer(() -> lookAgain(pass)))
			.thenMany(Mono.defer(() -> gone(pass)))
			.then();
	}

	/** Goes through our orders and looks for each in their books. */
	private Mono<Void> ours(Pass pass) {
		return ours(pass, Optional.empty())
			.expand((page) -> (page.size() < PAGE) ? Mono.empty() : ours(pass, Optional.of(page.getLast().id())))
			.concatMap((page) -> Flux.fromIterable(byFamily(page).entrySet())
				.concatMap((some) -> compare(pass, some.getKey(), some.getValue())), 0)
			.then();
	}

	private Mono<List<Order>> ours(Pass pass, Optional<OrderId> after) {
		return this.orders
			.accepted(pass.account().id(), pass.run().from().minus(LONGEST_QUEUE), pass.run().to().plus(SKEW), after,
					PAGE)
			.collectList()
			.timeout(PATIENCE);
	}

	private static Map<Family, List<Order>> byFamily(Collection<Order> page) {
		return page.stream().collect(Collectors.groupingBy(Order::family));
	}

	private Mono<Void> compare(Pass pass, Family family, List<Order> orders) {
		if (!pass.judges(family)) {
			return Mono.empty();
		}
		List<String> ids = orders.stream().map(Order::upstreamId).filter(Objects::nonNull).toList();
		return this.books.listed(pass.run(), family, orders.stream().map(Order::id).toList(), ids)
			.collectList()
			.flatMap((rows) -> compare(pass, family, orders, rows));
	}

	private Mono<Void> compare(Pass pass, Family family, List<Order> orders, List<Listed> rows) {
		Map<OrderId, Listed> matches = new HashMap<>();
		orders.forEach((order) -> match(order, rows).ifPresent((row) -> matches.put(order.id(), row)));
		List<String> matched = matches.values().stream().map(Listed::upstreamId).toList();
		return this.books.match(pass.run(), family, matched)
			.then(this.books.charges(pass.run(), family, matched))
			.flatMap((charges) -> Flux.fromIterable(orders)
				.concatMap((order) -> compare(pass, order, Optional.ofNullable(matches.get(order.id())), charges))
				.then());
	}

	/**
	 * By the upstream's id; by our reference only where we hold no id, else a second
	 * purchase with it would go unseen.
	 */
	private static Optional<Listed> match(Order order, List<Listed> rows) {
		String id = order.upstreamId();
		return rows.stream()
			.filter((row) -> (id != null) ? row.upstreamId().equals(id)
					: row.orderId().filter(order.id()::equals).isPresent())
			.findFirst();
	}

	private Mono<Void> compare(Pass pass, Order order, Optional<Listed> row, Map<String, Charge> charges) {
		if (row.isEmpty()) {
			String id = order.upstreamId();
			return (id != null && pass.run().covers(Finding.sentAt(order)))
					? suspect(pass, order.id(), order.family(), id, Optional.empty()) : Mono.empty();
		}
		pass.count("compared", 1);
		Optional<Charge> charge = charge(pass, order.family(), row.get().upstreamId(), charges);
		if (charge.filter(Charge::isKnown).isPresent()) {
			pass.linked(order.family());
		}
		Ours ours = ours(pass, order);
		if (ours.ended() && ours.isDelivered() && charge.filter(Charge::isKnown).isEmpty()) {
			pass.count("uncharged", 1);
		}
		return Comparison.of(ours, row.get().theirs(), charge).isClean() ? Mono.empty()
				: suspect(pass, order.id(), order.family(), row.get().upstreamId(), charge);
	}

	private static Optional<Charge> charge(Pass pass, Family family, String upstreamId, Map<String, Charge> charges) {
		return pass.judgesLedgerOf(family) ? Optional.of(charges.getOrDefault(upstreamId, Charge.NONE))
				: Optional.empty();
	}

	/** Reads both sides anew. */
	private Mono<Void> suspect(Pass pass, OrderId id, Family family, String upstreamId, Optional<Charge> charge) {
		return (!pass.judges(family) ? Mono.<Void>empty()
				: this.upstream.order(pass, family, upstreamId)
					.flatMap((shown) -> found(id).flatMap((order) -> shown.isPresent()
							? judge(pass, order, shown.get(), charge) : missed(pass, order, upstreamId))))
			.onErrorResume(Unread.class, (unread) -> {
				pass.unreadable(family, upstreamId, unread.reason());
				return Mono.empty();
			});
	}

	/** One 404 may be a slip: it is asked once more with those that are behind. */
	private static Mono<Void> missed(Pass pass, Order order, String upstreamId) {
		if (upstreamId.equals(order.upstreamId())) {
			pass.behind(order.id(), upstreamId);
		}
		return Mono.empty();
	}

	private Mono<Void> absent(Pass pass, Order order, String upstreamId) {
		return upstreamId.equals(order.upstreamId())
				? this.findings.open(pass,
						Finding.of(order, upstreamId,
								new Difference(BreakClass.OURS_ONLY,
										"ours is " + order.state() + ", theirs does not exist", order.cost())))
				: Mono.empty();
	}

	private Mono<Void> judge(Pass pass, Order order, Topup topup, Optional<Charge> charge) {
		Verdict verdict = verdict(pass, order, topup, charge);
		if (verdict.correction().isPresent()) {
			Set<String> doubts = Corrections.doubts(order, topup);
			return doubts.isEmpty() ? correct(pass, order, topup, verdict, charge)
					: doubted(pass, order, topup, String.join(", ", doubts));
		}
		return note(pass, order, topup, verdict).then(Mono.defer(() -> {
			if (!verdict.behind()) {
				return Mono.empty();
			}
			pass.behind(order.id(), topup.id());
			return hurry(order);
		}));
	}

	/** Another purchase under our reference is not what this order became. */
	private Mono<Void> doubted(Pass pass, Order order, Topup topup, String fields) {
		return this.findings.open(pass,
				Finding.of(order, topup.id(), new Difference(BreakClass.STATUS_DIFFERS,
						Comparison.told(ours(pass, order), Theirs.of(topup)) + "; not corrected, another " + fields,
						topup.charged())));
	}

	private Mono<Order> found(OrderId id) {
		return this.orders.find(id).timeout(PATIENCE);
	}

	private static Ours ours(Pass pass, Order order) {
		return Ours.of(order, pass.run().hasEnded(order));
	}

	private static Verdict verdict(Pass pass, Order order, Topup topup, Optional<Charge> charge) {
		return Comparison.of(ours(pass, order), Theirs.of(topup), charge);
	}

	private Mono<Void> note(Pass pass, Order order, Topup topup, Verdict verdict) {
		return Flux.fromIterable(verdict.differences())
			.concatMap((difference) -> this.findings.open(pass, Finding.of(order, topup.id(), difference)))
			.then();
	}

	/**
	 * What was thought not bought and was stays with the operator; another correction is
	 * done with. Its money is judged at once: it may be the last comparison that reads
	 * its charge.
	 */
	private Mono<Void> correct(Pass pass, Order order, Topup topup, Verdict verdict, Optional<Charge> charge) {
		Difference difference = new Difference(BreakClass.STATUS_DIFFERS,
				Comparison.told(ours(pass, order), Theirs.of(topup)), topup.charged());
		Finding finding = Finding.of(order, topup.id(), difference);
		return this.corrections.correct(pass, order, topup, verdict.correction().orElseThrow()).flatMap((corrected) -> {
			pass.count("corrected", 1);
			Mono<Void> noted = (order.state() == OrderState.REJECTED) ? this.findings.open(pass, finding)
					: this.findings.corrected(pass, finding, corrected.state());
			Verdict now = Comparison.of(Ours.of(corrected, true), Theirs.of(topup), charge);
			return noted.then(Mono.defer(() -> note(pass, corrected, topup, now)));
		});
	}

	/** Those that are followed by sweeps are looked at by the next one. */
	private Mono<Void> hurry(Order order) {
		return order.state().isUnsent() ? Mono.empty()
				: this.orders.apply(order, Change.note().dueIn(Duration.ZERO)).timeout(PATIENCE).then();
	}

	/** Goes through their rows that no order of the first pass was compared with. */
	private Flux<Void> unmatched(Pass pass, Family family) {
		return pages((after) -> this.books.unmatched(pass.run(), family, after, PAGE).collectList(), Listed::upstreamId)
			.filter((rows) -> pass.judges(family))
			.concatMap((rows) -> unmatched(pass, family, rows), 0);
	}

	private Mono<Void> unmatched(Pass pass, Family family, List<Listed> rows) {
		List<OrderId> refs = rows.stream().flatMap((row) -> row.orderId().stream()).toList();
		List<String> ids = rows.stream().map(Listed::upstreamId).toList();
		return this.orders.all(pass.account().id(), refs, ids)
			.collectList()
			.timeout(PATIENCE)
			.zipWith(this.books.charges(pass.run(), family, ids))
			.flatMap((known) -> Flux.fromIterable(rows)
				.concatMap((row) -> unmatched(pass, row, known.getT1(), known.getT2()))
				.then());
	}

	private Mono<Void> unmatched(Pass pass, Listed row, List<Order> known, Map<String, Charge> charges) {
		Optional<Order> byId = known.stream()
			.filter((order) -> row.upstreamId().equals(order.upstreamId()) && isOf(pass, order))
			.findFirst();
		Optional<Order> order = byId
			.or(() -> known.stream().filter((one) -> row.orderId().filter(one.id()::equals).isPresent()).findFirst());
		if (order.isPresent() && !isOf(pass, order.get())) {
			pass.countOutside(row.family());
			return Mono.empty();
		}
		if (byId.isPresent() || order.filter((one) -> one.upstreamId() == null).isPresent()) {
			return compare(pass, order.orElseThrow(), Optional.of(row), charges);
		}
		return stranger(pass, row, order);
	}

	/** Two accounts of ours may be one upstream, and each see what the other bought. */
	private static boolean isOf(Pass pass, Order order) {
		return order.account().equals(pass.account().id());
	}

	private Mono<Void> stranger(Pass pass, Listed row, Optional<Order> namesake) {
		if (namesake.isPresent()) {
			return theirsOnly(pass, row, namesake.get().id().value(),
					"a further purchase with the reference of an order");
		}
		if (row.orderId().isPresent()) {
			return theirsOnly(pass, row, row.orderId().get().value(), "our reference, and no such order");
		}
		if (row.family() == Family.GIFT_CARD && pass.account().exclusive()) {
			return theirsOnly(pass, row, "", "no order of ours, and nobody else buys with this key");
		}
		if (row.family() != Family.GIFT_CARD && !row.hasRef()) {
			pass.count("unnamed", 1);
			return Mono.empty();
		}
		pass.countOutside(row.family());
		return Mono.empty();
	}

	private Mono<Void> theirsOnly(Pass pass, Listed row, String orderId, String detail) {
		Difference difference = new Difference(BreakClass.THEIRS_ONLY, detail + "; it is " + row.theirs().status(),
				row.theirs().charged());
		return this.findings.open(pass, new Finding(row.family(), orderId, row.upstreamId(), difference, null));
	}

	/** Goes through charges that no list shows. */
	private Flux<Void> unlisted(Pass pass, Family family) {
		return pages((after) -> this.books.unlisted(pass.run(), family, after, PAGE).collectList(), Charged::object)
			.filter((rows) -> pass.judgesLedgerOf(family) && pass.judges(family))
			.concatMap((rows) -> (family == Family.OTHER) ? payments(pass, rows) : unlisted(pass, family, rows), 0);
	}

	private Mono<Void> unlisted(Pass pass, Family family, List<Charged> rows) {
		return this.orders.byUpstreamIds(pass.account().id(), rows.stream().map(Charged::object).toList())
			.timeout(PATIENCE)
			.doOnNext((known) -> known.keySet().forEach((id) -> pass.linked(family)))
			.flatMap((known) -> Flux.fromIterable(rows)
				.filter((row) -> !known.containsKey(row.object()))
				.concatMap((row) -> unlisted(pass, family, row))
				.then());
	}

	/**
	 * That a row points at what was bought is only presumed (contract section 3.2): where
	 * none points at anything of ours, none tells of a stranger either.
	 */
	private static boolean tellsStrangers(Pass pass, Family family) {
		return pass.account().exclusive() && pass.isLinked(family);
	}

	private Mono<Void> unlisted(Pass pass, Family family, Charged row) {
		if (!tellsStrangers(pass, family)) {
			pass.countOutside(family);
			return Mono.empty();
		}
		if (!pass.mayLookUp()) {
			pass.count("unlooked." + family.label(), 1);
			return Mono.empty();
		}
		return this.upstream.order(pass, family, row.object()).flatMap((shown) -> {
			if (shown.filter((topup) -> !topup.ref().isEmpty() && !OrderId.isUpstreamRef(topup.ref())).isPresent()) {
				pass.countOutside(family);
				return Mono.empty();
			}
			String detail = "charged " + row.charge().out().toPlainString() + " for what "
					+ (shown.isPresent() ? "is no order of ours" : "no list shows");
			return this.findings.open(pass, new Finding(family, "", row.object(),
					new Difference(BreakClass.THEIRS_ONLY, detail, row.charge().net()), null));
		}).onErrorResume(Unread.class, (unread) -> {
			pass.unreadable(family, row.object(), unread.reason());
			return Mono.empty();
		});
	}

	/**
	 * Neither the ledger's word for bills nor what its row points at is published
	 * (contract sections 3.2 and 7): a row that points at a payment is judged, a payment
	 * without a row is not.
	 */
	private Mono<Void> payments(Pass pass, List<Charged> rows) {
		return this.payments.ofTransactions(pass.account().id(), rows.stream().map(Charged::object).toList())
			.doOnNext((payment) -> pass.linked(Family.OTHER))
			.collectMultimap(PaymentBook.Entry::transaction)
			.timeout(PATIENCE)
			.flatMap((known) -> Flux.fromIterable(rows)
				.concatMap((row) -> payment(pass, row, known.getOrDefault(row.object(), List.of())))
				.then());
	}

	private Mono<Void> payment(Pass pass, Charged row, Collection<PaymentBook.Entry> tries) {
		if (tries.isEmpty()) {
			if (!tellsStrangers(pass, Family.OTHER)) {
				pass.countOutside(Family.OTHER);
				return Mono.empty();
			}
			return this.findings.open(pass,
					new Finding(Family.OTHER, "", row.object(), new Difference(BreakClass.THEIRS_ONLY,
							"charged for no payment of ours, and nobody else pays with this key", row.charge().net()),
							null));
		}
		pass.count("compared", 1);
		if (row.times() > 1) {
			pass.count("severalCharges", 1);
		}
		PaymentBook.Entry last = PaymentComparison.last(tries);
		return Mono.justOrEmpty(PaymentComparison.of(tries, row.charge(), pass.run().ended()))
			.flatMap((difference) -> this.findings.open(pass,
					new Finding(Family.OTHER, last.id(), row.object(), difference, last.createdAt())));
	}

	/** Those that were behind have had time to be followed to their ends. */
	private Mono<Void> lookAgain(Pass pass) {
		Collection<Map.Entry<OrderId, String>> behind = pass.takeBehind();
		return behind.isEmpty() ? Mono.empty()
				: Mono.delay(this.grace)
					.thenMany(Flux.fromIterable(behind))
					.concatMap((one) -> lookAgain(pass, one.getKey(), one.getValue()))
					.then();
	}

	private Mono<Void> lookAgain(Pass pass, OrderId id, String upstreamId) {
		return found(id).flatMap((before) -> this.upstream.order(pass, before.family(), upstreamId)
			.flatMap((shown) -> found(id).flatMap((order) -> shown.isPresent() ? stillBehind(pass, order, shown.get())
					: absent(pass, order, upstreamId)))
			.onErrorResume(Unread.class, (unread) -> {
				pass.unreadable(before.family(), upstreamId, unread.reason());
				return Mono.empty();
			}));
	}

	private Mono<Void> stillBehind(Pass pass, Order order, Topup topup) {
		return !verdict(pass, order, topup, Optional.empty()).behind() ? Mono.empty()
				: this.findings.open(pass, Finding.of(order, topup.id(), new Difference(BreakClass.STATUS_DIFFERS,
						Comparison.told(ours(pass, order), Theirs.of(topup)), order.cost())));
	}

	private Mono<Void> gone(Pass pass) {
		return this.findings.notFoundAgain(pass).concatMap((old) -> this.gone(pass, old), 0).then();
	}

	/**
	 * Within the time compared what is not found again is gone. What is older is looked
	 * at by itself. Money that is owed is gone only when it was paid back.
	 */
	private Mono<Void> gone(Pass pass, BreakStore.Break old) {
		Finding finding = old.finding();
		if (!pass.judges(finding.family()) || pass.isUnreadable(finding.upstreamId())) {
			return Mono.empty();
		}
		Mono<String> resolution = switch (old.kind()) {
			case THEIRS_ONLY -> oursNow(pass, old);
			case CHARGED_NOT_REFUNDED -> paidBack(pass, old).switchIfEmpty(Mono.defer(() -> deliveredAfterAll(old)));
			case OURS_ONLY, STATUS_DIFFERS, AMOUNT_DIFFERS ->
				(finding.family() == Family.OTHER) ? answered(pass, old) : notSo(pass, old);
		};
		return resolution.flatMap((how) -> this.findings.resolve(pass, old, how));
	}

	private Mono<String> oursNow(Pass pass, BreakStore.Break old) {
		List<String> id = List.of(old.finding().upstreamId());
		Mono<Boolean> known = (old.finding().family() == Family.OTHER)
				? this.payments.ofTransactions(pass.account().id(), id).hasElements()
				: this.orders.byUpstreamIds(pass.account().id(), id).map((orders) -> !orders.isEmpty());
		return known.timeout(PATIENCE).filter((ours) -> ours).map((ours) -> "it is one of ours now");
	}

	private Mono<String> paidBack(Pass pass, BreakStore.Break old) {
		Finding finding = old.finding();
		BigDecimal owed = finding.difference().amount();
		return !pass.judgesLedgerOf(finding.family()) ? Mono.empty()
				: this.books.charges(pass.run(), finding.family(), List.of(finding.upstreamId()))
					.flatMap((charges) -> Mono.justOrEmpty(charges.get(finding.upstreamId())))
					.filter((charge) -> charge.isKnown() ? charge.net().signum() <= 0
							: owed != null && charge.back().compareTo(owed) >= 0)
					.map((charge) -> "paid back");
	}

	/** Then it was charged rightly. */
	private Mono<String> deliveredAfterAll(BreakStore.Break old) {
		Finding finding = old.finding();
		return (finding.family() == Family.OTHER)
				? tries(old).filter((tries) -> any(tries, PaymentBook.Outcome.TAKEN))
					.map((tries) -> "the payment was made")
				: Mono.justOrEmpty(OrderId.parse(finding.orderId()))
					.flatMap(this::found)
					.filter((order) -> Ours.of(order, true).isDelivered())
					.map((order) -> "it is " + order.state() + " now");
	}

	/** What a payment became is known by its own row; what was charged for it stays. */
	private Mono<String> answered(Pass pass, BreakStore.Break old) {
		return paidBack(pass, old).switchIfEmpty(Mono.defer(() -> tries(old))
			.filter((tries) -> !tries.isEmpty() && !any(tries, PaymentBook.Outcome.UNKNOWN)
					&& !any(tries, PaymentBook.Outcome.OPEN))
			.flatMap((tries) -> any(tries, PaymentBook.Outcome.TAKEN) ? Mono.just("the payment was made")
					: this.findings.open(pass, PaymentComparison.notMade(old.finding()))
						.thenReturn("the payment was not made")));
	}

	private Mono<List<PaymentBook.Entry>> tries(BreakStore.Break old) {
		return this.payments.ofTransactions(old.account(), List.of(old.finding().upstreamId()))
			.collectList()
			.timeout(PATIENCE);
	}

	private static boolean any(Collection<PaymentBook.Entry> tries, PaymentBook.Outcome outcome) {
		return tries.stream().anyMatch((one) -> one.outcome() == outcome);
	}

	private Mono<String> notSo(Pass pass, BreakStore.Break old) {
		Finding finding = old.finding();
		boolean unjudged = (old.kind() == BreakClass.AMOUNT_DIFFERS) ? !pass.judgesLedgerOf(finding.family())
				: pass.isOverfull();
		if (unjudged) {
			return Mono.empty();
		}
		boolean covered = finding.happenedAt() != null && pass.run().covers(finding.happenedAt().minus(SKEW));
		return covered ? Mono.just("not found again") : lookAlone(pass, old);
	}

	private Mono<String> lookAlone(Pass pass, BreakStore.Break old) {
		Finding finding = old.finding();
		return this.upstream.order(pass, finding.family(), finding.upstreamId())
			.flatMap((shown) -> Mono.justOrEmpty(OrderId.parse(finding.orderId()))
				.flatMap(this::found)
				.filter((order) -> !still(pass, old.kind(), order, shown.orElse(null)))
				.map((order) -> "not so any more"))
			.onErrorResume(Unread.class, (unread) -> Mono.empty());
	}

	private static boolean still(Pass pass, BreakClass kind, Order order, @Nullable Topup shown) {
		if (shown == null || (kind == BreakClass.AMOUNT_DIFFERS && hidesItsPrice(order, shown))) {
			return true;
		}
		Verdict verdict = verdict(pass, order, shown, Optional.empty());
		return verdict.behind() || verdict.correction().isPresent()
				|| verdict.differences().stream().anyMatch((difference) -> difference.kind() == kind);
	}

	/** The ledger had told what the order itself does not. */
	private static boolean hidesItsPrice(Order order, Topup shown) {
		BigDecimal charged = shown.charged();
		return Ours.of(order, true).isDelivered() && (charged == null || charged.signum() <= 0);
	}

	/** Page after page by the last one's key. */
	private static <T> Flux<List<T>> pages(Function<String, Mono<List<T>>> read, Function<T, String> key) {
		return read.apply("")
			.expand((page) -> (page.size() < PAGE) ? Mono.empty() : read.apply(key.apply(page.getLast())))
			.filter((page) -> !page.isEmpty());
	}

}
