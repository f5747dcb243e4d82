package dz.flexy.gateway.faults;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dz.flexy.gateway.faults.Finding.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dz.flexy.gateway.faults.Finding.Kind.DIFFERS;
import static dz.flexy.gateway.faults.Finding.Kind.DUPLICATE;
import static dz.flexy.gateway.faults.Finding.Kind.GAP;
import static dz.flexy.gateway.faults.Finding.Kind.LOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** A history in which nothing is wrong, and one for each thing that can be. */
class CheckerTest {

	private static final String LINE = Intent.line("036362600");

	private static final String GIFT = Intent.gifts("SIM_AT_ONCE", 3);

	private final List<Intent> intents = new ArrayList<>(
			List.of(intent(1, LINE), intent(2, GIFT), intent(3, Intent.line("036362697"))));

	private final List<Told> told = new ArrayList<>(
			List.of(new Told(1, 0, "", "", true), new Told(1, 200, "", "order-1", false),
					new Told(2, 202, "", "order-2", false), new Told(3, 400, "ERR_PHONE", "", false)));

	private final List<Purchase> purchases = new ArrayList<>(
			List.of(purchase("up-1", "ref-1", LINE, "FULFILLED"), purchase("up-2", "", GIFT, "FULFILLED")));

	private final List<Entry> entries = new ArrayList<>(
			List.of(entry("order-1", LINE, "up-1", "FULFILLED"), unclear(List.of("up-2"), true)));

	private final List<Step> steps = new ArrayList<>(List.of(step(1, "order-1", 1, "ACCEPTED", null),
			step(2, "order-2", 1, "ACCEPTED", null), step(3, "order-1", null, "SENDING", "ACCEPTED"),
			step(4, "order-2", null, "SENDING", "ACCEPTED"), step(7, "order-1", 2, "FULFILLED", "SENDING"),
			step(8, "order-2", null, "SEND_UNKNOWN", "SENDING")));

	private final List<Seen> orderStreams = new ArrayList<>(List.of(seen("order-1", List.of(1L, 2L))));

	private final List<Seen> callerStreams = new ArrayList<>(List.of(seen("shop", List.of(1L, 2L, 7L))));

	@Test
	void findsNothingWhereNothingIsWrong() {
		assertThat(check()).isEmpty();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void finds(String what, Kind kind, Wrong wrong) {
		wrong.make(this);

		assertThat(check()).as(what).extracting(Finding::kind).containsOnly(kind).isNotEmpty();
	}

	static Stream<Arguments> finds() {
		return Stream.of(
				wrong("a second purchase", DUPLICATE,
						(it) -> it.purchases.add(purchase("up-1", "ref-1", LINE, "FULFILLED"))),
				wrong("a purchase nobody wanted", DUPLICATE,
						(it) -> it.purchases.set(1, withItem(it.purchases.get(1)))),
				wrong("two orders for one intent", DUPLICATE,
						(it) -> it.told.add(new Told(1, 200, "", "order-2b", false)), (it) -> {
							it.entries.add(rejected("order-2b", LINE));
							it.steps.add(step(9, "order-2b", null, "REJECTED", null));
						}),
				wrong("one upstream order for two of ours", DIFFERS, (it) -> it.entries.set(1, twin())),
				wrong("an accepted order that is not in the ledger", LOST,
						(it) -> it.told.add(new Told(3, 202, "", "order-3", false))),
				wrong("an id of another order", DIFFERS, (it) -> it.told.add(new Told(3, 202, "", "order-1", false))),
				wrong("a purchase that the ledger does not know", LOST,
						(it) -> it.purchases.add(purchase("up-3", "ref-3", Intent.line("036362697"), "FULFILLED")),
						(it) -> it.told.add(new Told(3, 0, "", "", true))),
				wrong("a gift card purchase that no candidate names", LOST,
						(it) -> it.entries.set(1, unclear(List.of(), true))),
				wrong("an unclear order that nobody was told of", LOST, (it) -> {
					it.entries.set(1, unclear(List.of(), false));
					it.purchases.remove(1);
				}),
				wrong("another final state", DIFFERS,
						(it) -> it.purchases.set(0, purchase("up-1", "ref-1", LINE, "REFUNDED"))),
				wrong("a fulfilled order that was never bought", DIFFERS, (it) -> it.purchases.remove(0)),
				wrong("another upstream id", DIFFERS,
						(it) -> it.purchases.set(0, purchase("up-9", "ref-1", LINE, "FULFILLED"))),
				wrong("another price", DIFFERS,
						(it) -> it.purchases.set(0,
								new Purchase("up-1", "ref-1", LINE, "FULFILLED", new BigDecimal("981")))),
				wrong("a rejected order that was bought", DIFFERS, (it) -> {
					it.entries.set(0, rejected("order-1", LINE));
					it.steps.set(4, step(7, "order-1", null, "REJECTED", "SENDING"));
					it.orderStreams.clear();
					it.callerStreams.clear();
				}), wrong("a refusal for what was bought", DIFFERS, (it) -> {
					it.told.removeIf((told) -> told.intent() == 1);
					it.told.add(new Told(1, 503, "NOT_SENT_IN_TIME", "", false));
				}), wrong("a number left out", GAP, (it) -> {
					it.steps.set(4, step(7, "order-1", 3, "FULFILLED", "SENDING"));
				}), wrong("an event without a number", GAP, (it) -> {
					it.steps.set(4, step(7, "order-1", null, "FULFILLED", "SENDING"));
					it.callerStreams.clear();
				}), wrong("a state that does not follow", GAP, (it) -> it.steps.remove(2)),
				wrong("a state without its event", GAP, (it) -> it.steps.removeLast()),
				wrong("an event that an order's reader missed", GAP,
						(it) -> it.orderStreams.set(0, seen("order-1", List.of(2L)))),
				wrong("an event that he saw twice", GAP,
						(it) -> it.orderStreams.set(0, seen("order-1", List.of(1L, 1L, 2L)))),
				wrong("an order's stream that ended too early", GAP,
						(it) -> it.orderStreams.set(0, seen("order-1", List.of(1L)))),
				wrong("an event that a caller's reader missed", GAP,
						(it) -> it.callerStreams.set(0, seen("shop", List.of(1L, 7L)))),
				wrong("an event that he saw twice", GAP,
						(it) -> it.callerStreams.set(0, seen("shop", List.of(1L, 2L, 2L, 7L)))),
				wrong("an event that is nobody's", GAP,
						(it) -> it.callerStreams.set(0, seen("shop", List.of(1L, 2L, 5L, 7L)))),
				wrong("a place that was not honoured", GAP, (it) -> it.callerStreams.set(0,
						new Seen("shop", List.of(1L, 2L, 7L), "FULFILLED", false, 1, 0, 2))));
	}

	private List<Finding> check() {
		return Checker.check(new History(this.intents, this.told, this.purchases, this.entries, this.steps,
				this.orderStreams, this.callerStreams));
	}

	private static Arguments wrong(String what, Kind kind, Wrong... wrongs) {
		Wrong all = (it) -> List.of(wrongs).forEach((wrong) -> wrong.make(it));
		return arguments(what, kind, all);
	}

	private static Intent intent(int number, String item) {
		return new Intent(number, "shop", item, "/v3/internet/send", Map.of(), Optional.of("ref"), Optional.empty());
	}

	private static Purchase purchase(String id, String ref, String item, String status) {
		return new Purchase(id, ref, item, status, new BigDecimal("980.00"));
	}

	private static Purchase withItem(Purchase purchase) {
		return purchase(purchase.id(), purchase.ref(), Intent.gifts("SIM_AT_ONCE", 4), purchase.status());
	}

	private static Entry entry(String id, String item, String upstreamId, String state) {
		return new Entry(id, "shop", item, "ref-1", upstreamId, state, 2, new BigDecimal("980"), false, false,
				List.of());
	}

	private static Entry rejected(String id, String item) {
		return new Entry(id, "shop", item, id.equals("order-1") ? "ref-1" : "ref-" + id, "", "REJECTED",
				id.equals("order-1") ? 1 : 0, null, false, false, List.of());
	}

	/** Has the other one's upstream order; both are the upstream's word for word. */
	private static Entry twin() {
		return new Entry("order-2", "shop", GIFT, "ref-2", "up-1", "SEND_UNKNOWN", 1, null, true, true,
				List.of("up-2"));
	}

	private static Entry unclear(List<String> candidates, boolean flagged) {
		return new Entry("order-2", "shop", GIFT, "ref-2", "", "SEND_UNKNOWN", 1, null, true, flagged, candidates);
	}

	private static Step step(long position, String order, @Nullable Integer number, String state,
			@Nullable String previous) {
		return new Step(position, order, "shop", number, Instant.EPOCH.plusSeconds(position), state, previous, null);
	}

	private static Seen seen(String subject, List<Long> ids) {
		return new Seen(subject, ids, "FULFILLED", true, 0, 0, 1);
	}

	/** Makes one thing wrong. */
	@FunctionalInterface
	interface Wrong {

		void make(CheckerTest it);

	}

}
