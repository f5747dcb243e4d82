package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.List;

import dz.flexy.gateway.orders.OrderEvent;
import dz.flexy.gateway.orders.OrderState;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static dz.flexy.gateway.stream.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

class FramesTest {

	private static final String DATA = """
			{"orderId":"a","ref":"ref-a","family":"internet","product":"ADSL","status":"QUEUED","state":"QUEUED",\
			"previous":"HANDLING","at":"2026-01-15T10:00:00.120Z","final":false,"correction":false,"value":1000,\
			"cost":975.5}""";

	private final Frames frames = new Frames(JsonMapper.shared());

	@Test
	void anOrdersEventIsNumbered() {
		assertThat(this.frames.numbered(event("a", 7))).hasToString("event: status\nid: 1\ndata: " + DATA + "\n\n");
	}

	@Test
	void aCallersEventIsPlaced() {
		assertThat(this.frames.placed(event("a", 7), false))
			.hasToString("event: status\nid: 7\ndata: " + DATA + "\n\n");
	}

	@Test
	void aConflatedEventSaysSo() {
		assertThat(this.frames.placedSkipping(event("a", 7), false).toString()).contains(",\"skipped\":true}");
	}

	@Test
	void aFinalEventSaysSo() {
		assertThat(this.frames.placed(event("a", 7, OrderState.FULFILLED), false).toString())
			.contains("\"final\":true");
	}

	@Test
	void aResetOfACallersStreamHoldsTheOpenOrders() {
		assertThat(this.frames.placedReset(9, List.of(event("a", 7)), false))
			.hasToString("event: reset\nid: 9\ndata: {\"orders\":[" + DATA + "]}\n\n");
	}

	@Test
	void anOperatorIsToldWhoseEachOrderIs() {
		String named = ",\"caller\":\"shop\"";

		assertThat(this.frames.placed(event("a", 7), true).toString()).contains(named);
		assertThat(this.frames.placedSkipping(event("a", 7), true).toString()).contains(named, "skipped");
		assertThat(this.frames.placedReset(9, List.of(event("a", 7)), true).toString()).contains(named);
	}

	@Test
	void whatManyWatchersAreToldIsWrittenOnce() {
		OrderEvent event = event("a", 7);

		assertThat(this.frames.numbered(event)).isSameAs(this.frames.numbered(event));
		assertThat(this.frames.placed(event, false)).isSameAs(this.frames.placed(event, false))
			.isNotSameAs(this.frames.placed(event, true))
			.isNotSameAs(this.frames.numbered(event));
	}

	@Test
	void theLinesNumberIsNowhere() {
		assertThat(this.frames.numbered(event("a", 7)).toString()).doesNotContain("036362608");
	}

	@Test
	void theGreetingIsPartOfTheFirstEvent() {
		assertThat(Frame.greeting(Duration.ofMillis(2500))).hasToString("retry: 2500\n");
		assertThat(Frame.farewell(Duration.ofMillis(2500))).hasToString("retry: 2500\n\n");
	}

}
