package dz.flexy.gateway.problem;

import java.security.SecureRandom;

import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

class RequestIdTest {

	private final SettableClock clock = new SettableClock();

	private final SecureRandom random = new SecureRandom();

	@Test
	void hasTheDocumentedShape() {
		RequestId id = RequestId.next(this.clock, this.random);

		assertThat(id.value()).matches("req_" + this.clock.instant().getEpochSecond() + "_[0-9a-f]{12}");
	}

	@Test
	void noTwoAreAlike() {
		assertThat(RequestId.next(this.clock, this.random)).isNotEqualTo(RequestId.next(this.clock, this.random));
	}

	@Test
	void isInTheHeaderTheExchangeAndTheContext() {
		MockServerWebExchange exchange = MockServerWebExchange
			.from(MockServerHttpRequest.get("/v3/x").header("X-Request-ID", "the caller's"));

		RequestId inContext = seenBy(exchange);

		assertThat(RequestId.of(exchange)).isEqualTo(inContext);
		assertThat(exchange.getResponse().getHeaders().get("X-Request-ID")).containsExactly(inContext.value());
		assertThat(inContext.value()).startsWith("req_");
	}

	@Test
	void isADashWhereThereIsNone() {
		assertThat(RequestId.of(Context.empty())).hasToString("-");
		assertThat(RequestId.of(MockServerWebExchange.from(MockServerHttpRequest.get("/")))).hasToString("-");
	}

	private RequestId seenBy(MockServerWebExchange exchange) {
		RequestId[] seen = new RequestId[1];
		new RequestIdFilter(this.clock, this.random).filter(exchange, (next) -> Mono.deferContextual((context) -> {
			seen[0] = RequestId.of(context);
			return Mono.empty();
		})).block();
		return seen[0];
	}

}
