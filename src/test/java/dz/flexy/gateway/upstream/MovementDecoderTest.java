package dz.flexy.gateway.upstream;

import java.math.BigDecimal;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class MovementDecoderTest {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final MovementDecoder decoder = new MovementDecoder(new Drift(this.meters));

	@ParameterizedTest
	@CsvSource({ "FLEXY, CHARGE mobile", "ADSL, CHARGE internet", "ORDER, CHARGE gift-cards", "SERVICE, CHARGE other",
			"REFUND-FLEXY, REFUND mobile", "REFUND-ADSL, REFUND internet", "refund-order, REFUND gift-cards",
			"DEPOSIT, OTHER", "RECEIVE, OTHER", "POINT-EXCHANGE, OTHER", "WITHDRAW, OTHER", "SEND, OTHER" })
	void knowsThePublishedTypes(String type, String told) {
		Movement movement = page("{\"type\":\"%s\",\"amount\":-4.5}".formatted(type)).rows().getFirst();

		assertThat(movement.kind() + movement.family().map((family) -> " " + family.label()).orElse(""))
			.isEqualTo(told);
		assertThat(movement.amount()).isEqualTo(new BigDecimal("4.5"));
		assertThat(this.meters.find("gateway.upstream.drift").counters())
			.allSatisfy((counter) -> assertThat(counter.count()).isZero());
	}

	@Test
	void anotherTypeIsNoPurchaseAndCounted() {
		assertThat(page("{\"type\":\"LOTTERY\",\"amount\":1}").rows().getFirst().kind()).isEqualTo(Movement.Kind.OTHER);
		assertThat(this.meters.counter("gateway.upstream.drift", "kind", "movement").count()).isOne();
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'', delimiter = ';', value = { "{}; 4", "null; 4", "{\"type\":\"ADSL\"}; 1",
			"{\"amount\":1}; 4", "{\"type\":\"ADSL\",\"amount\":\"1\"}; 1", "{\"type\":\"DEPOSIT\"}; 0" })
	void aRowThatCannotBeReadIsLeftOutAndSaid(String row, int families) {
		MovementPage page = page(row + ",{\"type\":\"ADSL\",\"amount\":1}");

		assertThat(page.rows()).hasSize(1);
		assertThat(page.unclear()).hasSize(families);
		assertThat(this.meters.counter("gateway.upstream.drift", "kind", "shape").count()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "{\"items\":{},\"pagination\":{\"totalPages\":1}}", "{\"items\":[]}" })
	void anythingElseIsNoPage(String data) {
		assertThat(this.decoder.page(new JsonMapper().readTree(data), 1)).isEmpty();
	}

	private MovementPage page(String rows) {
		String data = "{\"items\":[" + rows + "],\"pagination\":{\"page\":1,\"totalPages\":1}}";
		return this.decoder.page(new JsonMapper().readTree(data), 1).orElseThrow();
	}

}
