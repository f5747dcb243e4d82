package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestLogTest {

	private final RequestLog log = new RequestLog(2);

	@Test
	void keepsTheLatestOfALongRun() {
		for (int i = 0; i < 101; i++) {
			this.log.answered(receive(i), 200 + i);
		}

		List<ReceivedRequest> kept = this.log.all();
		assertThat(kept).extracting(ReceivedRequest::position).containsExactly(98, 99, 100);
		assertThat(kept).extracting(ReceivedRequest::status).containsExactly(298, 299, 300);
	}

	@Test
	void doesNotMistakeOneForAnotherThatItForgot() {
		ReceivedRequest slow = receive(0);
		for (int i = 1; i < 5; i++) {
			receive(i);
		}
		this.log.answered(slow, 200);

		assertThat(this.log.all()).extracting(ReceivedRequest::status).containsOnly(ReceivedRequest.UNANSWERED);
	}

	private ReceivedRequest receive(int second) {
		Call call = new Call("GET", "/v3/ping", Map.of(), "", null, "127.0.0.1");
		return this.log.received(call, Optional.empty(), Instant.ofEpochSecond(second));
	}

}
