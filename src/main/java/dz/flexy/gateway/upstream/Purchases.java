package dz.flexy.gateway.upstream;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.breaker.Breakers.Side;
import io.micrometer.core.instrument.Clock;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * The paying side of the upstream. Each call is made at most once per subscription and
 * never repeated by any layer below.
 */
@Component
public class Purchases {

	private final Transport transport;

	private final KeyCheck key;

	private final TopupDecoder topups;

	private final JsonMapper json;

	private final Clock clock;

	Purchases(Transport transport, KeyCheck key, TopupDecoder topups, JsonMapper json, Clock clock) {
		this.transport = transport;
		this.key = key;
		this.topups = topups;
		this.json = json;
		this.clock = clock;
	}

	/**
	 * Buys.
	 * @param call on whose account
	 * @param purchase what to buy
	 * @param commit runs once permit and connection are in hand, as the last step before
	 * the first byte; if it fails nothing is sent
	 * @param sendWithin the first byte leaves within this time after the commit began, or
	 * never
	 * @return exactly one outcome; cancelling after the first byte leaves it unknown
	 */
	public Mono<Outcome<Receipt>> send(Call call, Purchase purchase, Mono<Void> commit, Duration sendWithin) {
		Request<Receipt> send = request(purchase.family());
		LastStep lastStep = new LastStep(this.key.stillPasses(call.account()).then(commit), sendWithin,
				this.clock::monotonicTime);
		return this.key.paying(call, () -> this.transport.buy(call, send, body(purchase), lastStep));
	}

	private Request<Receipt> request(Family family) {
		String verb = (family == Family.GIFT_CARD) ? "placeOrder" : "send";
		return new Request<>(family.label() + "." + verb, family, Side.SEND,
				(uri) -> uri.path("/v3/" + family.label() + "/" + verb).build(), this.topups::receipt);
	}

	private byte[] body(Purchase purchase) {
		Map<String, Object> body = new LinkedHashMap<>();
		switch (purchase) {
			case Purchase.Internet card -> {
				body.put("type", card.type());
				body.put("number", card.number());
				body.put("value", card.value());
				body.put("ref", card.ref());
			}
			case Purchase.Mobile topUp -> {
				body.put("plan_code", topUp.planCode());
				body.put("MSSIDN", topUp.number());
				body.put("amount", topUp.amount());
				body.put("ref", topUp.ref());
			}
			case Purchase.GiftCards cards -> {
				body.put("productId", cards.productId());
				body.put("typeId", cards.typeId());
				body.put("quantity", cards.quantity());
			}
		}
		return this.json.writeValueAsBytes(body);
	}

}
