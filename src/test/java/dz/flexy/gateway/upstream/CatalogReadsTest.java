package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;

/** What is asked for plans and gift cards, and what is made of it, over real HTTP. */
class CatalogReadsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Map<String, String> ANSWERS = Map.of("/v3/validate",
			"{\"username\":\"u\",\"apiKey\":{\"type\":\"PRODUCTION\"}}", "/v3/mobile/plans",
			"{\"dynamicPlans\":[],\"fixedPlans\":[{\"code\":\"PIXX_500\",\"amount\":500}]}", "/v3/gift-cards/catalog",
			"{\"categories\":[{\"name\":\"Gaming\",\"products\":[{\"id\":\"psn\"},{\"id\":\"xbox\"}]}]}",
			"/v3/gift-cards/checkProduct/psn_1-A", "{\"types\":[{\"id\":\"a\",\"price\":1,\"quantity\":2}]}");

	private static final List<String> ASKED = new CopyOnWriteArrayList<>();

	private static DisposableServer stub;

	private static UpstreamUnderTest under;

	@BeforeAll
	static void start() {
		stub = HttpServer.create().handle((request, response) -> {
			ASKED.add(request.method() + " " + request.uri());
			String data = ANSWERS.get(request.uri());
			return response.status((data != null) ? 200 : 404)
				.header("Content-Type", "application/json")
				.sendString(Mono.just((data != null) ? "{\"success\":true,\"data\":" + data + "}"
						: "{\"success\":false,\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"no product\"}}"));
		}).bindNow();
		under = UpstreamUnderTest.start(Map.of("gateway.upstream.base-url", "http://localhost:" + stub.port(),
				"gateway.upstream.connect-timeout", "5s", "gateway.upstream.acquire-timeout", "5s",
				"gateway.upstream.response-timeout", "10s"));
		warmUp();
	}

	@AfterAll
	static void stop() {
		under.close();
		stub.disposeNow();
	}

	/** A permit may run out while the first connection of a cold process is made. */
	private static void warmUp() {
		for (int i = 0; i < 10; i++) {
			if (under.upstream().mobilePlans(call()).block(PATIENCE) instanceof Outcome.Success) {
				return;
			}
		}
		throw new IllegalStateException("the stub cannot be read");
	}

	@BeforeEach
	void forget() {
		ASKED.clear();
	}

	@Test
	void readsPlans() {
		assertThat(value(under.upstream().mobilePlans(call())).rows()).extracting(Plan::code)
			.containsExactly("PIXX_500");
		assertThat(ASKED).containsExactly("GET /v3/mobile/plans");
	}

	@Test
	void readsTheGiftCatalogue() {
		assertThat(value(under.upstream().giftCatalog(call())).totalProducts()).isEqualTo(2);
		assertThat(ASKED).containsExactly("GET /v3/gift-cards/catalog");
	}

	@Test
	void readsAGiftCard() {
		assertThat(value(under.upstream().giftProduct(call(), "psn_1-A")).types()).extracting(GiftType::id)
			.containsExactly("a");
		assertThat(ASKED).containsExactly("GET /v3/gift-cards/checkProduct/psn_1-A");
	}

	@Test
	void tellsWhichGiftCardThereIsNot() {
		assertThat(under.upstream().giftProduct(call(), "none").block(PATIENCE)).isInstanceOfSatisfying(
				Outcome.Refused.class, (refused) -> assertThat(refused.refusal().code()).isEqualTo("NOT_FOUND"));
	}

	private static Call call() {
		return Call.send(under.account(), PATIENCE);
	}

	private static <T> T value(Mono<Outcome<T>> read) {
		return read.map(Outcome::orThrow).blockOptional(PATIENCE).orElseThrow();
	}

}
