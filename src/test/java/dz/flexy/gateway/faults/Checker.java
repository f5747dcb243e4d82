package dz.flexy.gateway.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import dz.flexy.gateway.faults.Finding.Kind;

/**
 * Compares the three accounts of one history. An order counts as the one of an intent by
 * what is bought, not by any reference, so a reference that is mixed up is found too.
 */
final class Checker {

	private final History history;

	private final Map<String, Intent> intents;

	private final Map<String, Entry> entries;

	private final Map<String, List<Purchase>> purchases;

	private final List<Finding> findings = new ArrayList<>();

	private Checker(History history) {
		this.history = history;
		this.intents = by(history.intents(), Intent::item);
		this.entries = by(history.entries(), Entry::id);
		this.purchases = grouped(history.purchases(), Purchase::item);
	}

	/** All that is wrong, empty if nothing is. */
	static List<Finding> check(History history) {
		Checker checker = new Checker(history);
		checker.boughtOnce();
		checker.acceptedIsKept();
		checker.boughtIsKept();
		checker.allHaveAnEnd();
		checker.statesAgree();
		checker.refusedIsNotBought();
		checker.logHasNoGap();
		checker.orderStreamsHaveNoGap();
		checker.callerStreamsHaveNoGap();
		return List.copyOf(checker.findings);
	}

	private void boughtOnce() {
		this.purchases.forEach((item, bought) -> {
			if (bought.size() > 1) {
				found(Kind.DUPLICATE, item + " was bought " + bought.size() + " times: " + bought);
			}
			if (!this.intents.containsKey(item)) {
				found(Kind.DUPLICATE, item + " was bought though nobody wanted it");
			}
		});
		grouped(this.history.entries().stream().filter((entry) -> !entry.upstreamId().isEmpty()).toList(),
				Entry::upstreamId)
			.forEach((id, entries) -> {
				if (entries.size() > 1) {
					found(Kind.DIFFERS, "upstream order " + id + " stands for several: " + entries);
				}
			});
	}

	/** Every id that a caller was given, and never two for one intent. */
	private void acceptedIsKept() {
		Map<Integer, Intent> byNumber = by(this.history.intents(), Intent::number);
		Map<Integer, Set<String>> ids = new LinkedHashMap<>();
		this.history.told().stream().filter(Told::isAccepted).forEach((told) -> {
			Intent intent = Objects.requireNonNull(byNumber.get(told.intent()));
			Entry entry = this.entries.get(told.orderId());
			if (entry == null) {
				found(Kind.LOST, "accepted, but not in the ledger: " + told);
			}
			else if (!entry.item().equals(intent.item())) {
				found(Kind.DIFFERS, intent + " was told the id of " + entry);
			}
			ids.computeIfAbsent(told.intent(), (number) -> new HashSet<>()).add(told.orderId());
		});
		ids.forEach((intent, given) -> {
			if (given.size() > 1) {
				found(Kind.DUPLICATE, "intent " + intent + " was given several orders: " + given);
			}
		});
	}

	/** Every purchase is some order's, or one that a person will choose. */
	private void boughtIsKept() {
		Map<String, Entry> byRef = by(this.history.entries(), Entry::upstreamRef);
		Set<String> ids = this.history.entries().stream().map(Entry::upstreamId).collect(Collectors.toSet());
		Set<String> candidates = this.history.entries()
			.stream()
			.filter(Entry::isLeftForOperator)
			.flatMap((entry) -> entry.candidates().stream())
			.collect(Collectors.toSet());
		this.history.purchases().forEach((purchase) -> {
			boolean known = purchase.ref().isEmpty() ? ids.contains(purchase.id()) || candidates.contains(purchase.id())
					: byRef.containsKey(purchase.ref());
			if (!known) {
				found(Kind.LOST, "bought, but not in the ledger: " + purchase);
			}
		});
	}

	private void allHaveAnEnd() {
		this.history.entries()
			.stream()
			.filter((entry) -> !entry.isFinal() && !entry.isLeftForOperator())
			.forEach((entry) -> found(Kind.LOST, "without an end: " + entry));
	}

	private void statesAgree() {
		Map<String, Purchase> byId = by(this.history.purchases(), Purchase::id);
		Map<String, Purchase> byRef = by(
				this.history.purchases().stream().filter((purchase) -> !purchase.ref().isEmpty()).toList(),
				Purchase::ref);
		this.history.entries().stream().filter(Entry::isFinal).forEach((entry) -> {
			Purchase purchase = entry.gift() ? byId.get(entry.upstreamId()) : byRef.get(entry.upstreamRef());
			if (entry.isBought() && purchase == null) {
				found(Kind.DIFFERS, "never bought: " + entry);
			}
			else if (purchase != null && !agree(entry, purchase)) {
				found(Kind.DIFFERS, entry + " is upstream " + purchase);
			}
		});
	}

	private static boolean agree(Entry entry, Purchase purchase) {
		boolean charged = !entry.state().equals("FULFILLED") || entry.cost() == null
				|| entry.cost().compareTo(purchase.charged()) == 0;
		return entry.state().equals(purchase.status()) && entry.item().equals(purchase.item())
				&& entry.upstreamId().equals(purchase.id()) && charged;
	}

	/** A caller who was only ever refused, and never left in doubt, paid for nothing. */
	private void refusedIsNotBought() {
		Map<Integer, List<Told>> told = grouped(this.history.told(), Told::intent);
		this.history.intents().forEach((intent) -> {
			List<Told> answers = told.getOrDefault(intent.number(), List.of());
			boolean doubt = answers.stream().anyMatch((answer) -> answer.open() || answer.isAccepted());
			if (!doubt && this.purchases.containsKey(intent.item())) {
				found(Kind.DIFFERS, "refused, yet bought: " + intent + " " + answers);
			}
		});
	}

	private void logHasNoGap() {
		Map<String, List<Step>> steps = grouped(this.history.steps(), Step::order);
		this.history.entries().forEach((entry) -> {
			List<Step> own = steps.getOrDefault(entry.id(), List.of());
			List<Long> numbers = own.stream()
				.map(Step::number)
				.filter(Objects::nonNull)
				.map((number) -> (long) number)
				.toList();
			if (!numbers.equals(upTo(entry.changes()))) {
				found(Kind.GAP, entry + " has the numbers " + numbers);
			}
			for (int i = 1; i < own.size(); i++) {
				if (!own.get(i - 1).state().equals(own.get(i).previous())) {
					found(Kind.GAP, own.get(i) + " does not follow " + own.get(i - 1));
				}
			}
			if (own.isEmpty() || !own.getLast().state().equals(entry.state())) {
				found(Kind.GAP, "the last event is not the state of " + entry);
			}
		});
	}

	private void orderStreamsHaveNoGap() {
		this.history.orderStreams().forEach((seen) -> {
			Entry entry = this.entries.get(seen.subject());
			if (seen.resets() > 0 || !seen.ids().equals(upTo(seen.ids().size()))) {
				found(Kind.GAP, "order stream " + seen);
			}
			else if (entry != null && seen.ended()
					&& (seen.ids().size() != entry.changes() || !seen.lastStatus().equals(entry.status()))) {
				found(Kind.GAP, "order stream ended too early: " + seen + " of " + entry);
			}
		});
	}

	/** Slow readers may be told that something was left out; then less is expected. */
	private void callerStreamsHaveNoGap() {
		Map<String, List<Step>> steps = grouped(
				this.history.steps().stream().filter((step) -> step.number() != null).toList(), Step::caller);
		this.history.callerStreams().forEach((seen) -> {
			Set<Long> expected = steps.getOrDefault(seen.subject(), List.of())
				.stream()
				.map(Step::position)
				.collect(Collectors.toSet());
			Set<Long> once = new HashSet<>(seen.ids());
			List<Long> missing = expected.stream().filter((id) -> !once.contains(id)).sorted().toList();
			if (once.size() != seen.ids().size()) {
				found(Kind.GAP, "caller stream of " + seen.subject() + " repeated itself");
			}
			if (!expected.containsAll(once)) {
				found(Kind.GAP, "caller stream of " + seen.subject() + " told what is not in the log");
			}
			if (seen.resets() > 0 || seen.skips() == 0 && !missing.isEmpty()) {
				found(Kind.GAP,
						"caller stream of " + seen.subject() + ": " + seen.resets() + " resets, missing " + missing);
			}
		});
	}

	private void found(Kind kind, String text) {
		this.findings.add(new Finding(kind, text));
	}

	private static List<Long> upTo(int last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

	private static <K, V> Map<K, V> by(Collection<V> values, Function<V, K> key) {
		return values.stream()
			.collect(Collectors.toMap(key, Function.identity(), (first, second) -> first, LinkedHashMap::new));
	}

	private static <K, V> Map<K, List<V>> grouped(Collection<V> values, Function<V, K> key) {
		return values.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
	}

}
