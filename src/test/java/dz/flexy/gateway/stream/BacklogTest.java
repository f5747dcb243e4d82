package dz.flexy.gateway.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dz.flexy.gateway.orders.OrderEvent.Place;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static dz.flexy.gateway.stream.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BacklogTest {

	@Test
	void everyEventIsKeptForAReaderThatIsNotFarBehind() {
		Backlog backlog = new Backlog(3, 100);

		add(backlog, "a1", "a2", "b3");

		assertThat(taken(backlog)).containsExactly("a1", "a2", "b3");
	}

	@Test
	void fartherBehindOnlyTheLatestOfEachOrderIsKept() {
		Backlog backlog = new Backlog(3, 100);

		add(backlog, "a1", "a2", "b3", "c4", "a5");

		assertThat(taken(backlog)).containsExactly("b3", "c4", "a5 instead of 2");
	}

	@Test
	void whoHasCaughtUpGetsEveryEventAgain() {
		Backlog backlog = new Backlog(2, 100);
		add(backlog, "a1", "a2", "a3");
		assertThat(taken(backlog)).containsExactly("a3 instead of 2");

		add(backlog, "a4", "a5");

		assertThat(taken(backlog)).containsExactly("a4", "a5");
	}

	@Test
	void anEventLeftOutIsSkippedOnlyForAReaderThatHadNotSeenIt() {
		Backlog backlog = new Backlog(1, 100);
		add(backlog, "a1", "a2");
		Backlog.Unread unread = backlog.poll();

		assertThat(unread).isNotNull();
		assertThat(unread.skipsAfter(Place.START)).isTrue();
		assertThat(unread.skipsAfter(new Place(1, 1))).isFalse();
	}

	@Test
	void tooManyOrdersAreNotKept() {
		Backlog backlog = new Backlog(1, 3);
		add(backlog, "a1", "b2", "c3");

		assertThatNoException().isThrownBy(() -> add(backlog, "a4"));
		assertThatThrownBy(() -> add(backlog, "d5")).isInstanceOf(ReaderTooSlow.class).hasMessageContaining("3");
	}

	@Property
	void placesRiseAndTheLatestOfEachOrderIsTold(@ForAll @Size(max = 60) List<@IntRange(max = 9) Integer> steps) {
		Backlog backlog = new Backlog(4, 100);
		List<Backlog.Unread> told = new ArrayList<>();
		List<String> orders = new ArrayList<>();
		for (int step : steps) {
			if (step < 5) {
				orders.add("abcde".substring(step, step + 1));
				backlog.add(event(orders.getLast(), orders.size()));
			}
			else {
				Backlog.Unread next = backlog.poll();
				if (next != null) {
					told.add(next);
				}
			}
		}
		for (Backlog.Unread next = backlog.poll(); next != null; next = backlog.poll()) {
			told.add(next);
		}

		assertThat(told).extracting((unread) -> unread.event().place()).isSortedAccordingTo(Comparator.naturalOrder());
		assertThat(told).extracting((unread) -> unread.event().place()).doesNotHaveDuplicates();
		for (String order : orders) {
			long last = orders.lastIndexOf(order) + 1;
			assertThat(told).anyMatch((unread) -> unread.event().place().position() == last);
		}
	}

	private static void add(Backlog backlog, String... events) {
		for (String event : events) {
			backlog.add(event(event.substring(0, 1), Long.parseLong(event.substring(1))));
		}
	}

	private static List<String> taken(Backlog backlog) {
		List<String> taken = new ArrayList<>();
		for (Backlog.Unread next = backlog.poll(); next != null; next = backlog.poll()) {
			String instead = next.instead().equals(Place.START) ? "" : " instead of " + next.instead().position();
			taken.add(next.event().orderId().value() + next.event().place().position() + instead);
		}
		return taken;
	}

}
