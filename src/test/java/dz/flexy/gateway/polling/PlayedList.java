package dz.flexy.gateway.polling;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Stretch;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupPage;
import dz.flexy.gateway.upstream.TopupStatus;
import reactor.core.publisher.Mono;

/** The upstream's list, newest first, a hundred rows a page. */
final class PlayedList extends ListPages {

	private static final int PAGE = 100;

	private final NavigableMap<Instant, List<Topup>> rows = new TreeMap<>();

	private final Deque<Outcome<TopupPage>> played = new ArrayDeque<>();

	private final List<String> calls = new ArrayList<>();

	private int brokenFrom = Integer.MAX_VALUE;

	@SuppressWarnings("NullAway") // nothing else is asked of it
	PlayedList() {
		super(null);
	}

	void add(String id, TopupStatus status, Instant at) {
		this.rows.computeIfAbsent(at, (time) -> new ArrayList<>())
			.add(new Topup(id, "ref", status, "ADSL", "036362608", null, null, Optional.empty(), Optional.empty(), null,
					null));
	}

	/** The next answer, in place of a page. */
	void answer(Outcome<TopupPage> outcome) {
		this.played.add(outcome);
	}

	/** No page from that one on can be read any more, nor one beyond the last. */
	void breakFrom(int page) {
		this.brokenFrom = page;
	}

	/** Pages that were asked for, by family and number. */
	List<String> calls() {
		return this.calls;
	}

	@Override
	Mono<Outcome<TopupPage>> sent(Call call, Family family, Stretch stretch, int number) {
		return Mono.fromSupplier(() -> {
			this.calls.add(family.label() + " " + number);
			Outcome<TopupPage> outcome = this.played.poll();
			if (number >= this.brokenFrom) {
				return new Outcome.MayHaveActed<>("broken");
			}
			return (outcome != null) ? outcome : new Outcome.Success<>(page(stretch, number), "-");
		});
	}

	private TopupPage page(Stretch stretch, int number) {
		List<Topup> shown = this.rows
			.subMap(stretch.first().minusSeconds(30), true, stretch.last().plusSeconds(60), true)
			.descendingMap()
			.entrySet()
			.stream()
			.map(Map.Entry::getValue)
			.flatMap(List::stream)
			.toList();
		int from = Math.min((number - 1) * PAGE, shown.size());
		return new TopupPage(shown.subList(from, Math.min(from + PAGE, shown.size())), 0, number,
				Math.ceilDiv(shown.size(), PAGE));
	}

}
