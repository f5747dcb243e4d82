package dz.flexy.gateway.orders;

import java.security.SecureRandom;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OrderIdTest {

	private static final OrderId ID = new OrderId("690173a50123456789abcdef");

	@Test
	void anIdIsReadAsItIsWritten() {
		assertThat(OrderId.parse("690173a50123456789abcdef")).contains(ID);
		assertThat(ID).hasToString("690173a50123456789abcdef");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "690173a50123456789abcde", "690173a50123456789abcdef0", "690173A50123456789ABCDEF",
			"690173a50123456789abcdeg", " 690173a50123456789abcdef" })
	void anythingElseIsNone(String text) {
		assertThat(OrderId.parse(text)).isEmpty();
		assertThat(OrderId.ofUpstreamRef("fg" + text)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "fg690173a50123456789abcdef", "API-shop-fg690173a50123456789abcdef",
			"API-a-b\n-fg690173a50123456789abcdef" })
	void ourOwnReferenceNamesItsOrder(String ref) {
		assertThat(OrderId.isUpstreamRef(ref)).isTrue();
		assertThat(OrderId.ofUpstreamRef(ref)).contains(ID);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "690173a50123456789abcdef", "API-shop-690173a50123456789abcdef",
			"shop-fg690173a50123456789abcdef", "fg690173a50123456789abcdef-2" })
	void somebodyElsesReferenceNamesNone(String ref) {
		assertThat(OrderId.isUpstreamRef(ref)).isFalse();
		assertThat(OrderId.ofUpstreamRef(ref)).isEmpty();
	}

	@Test
	void whatIsSentUpstreamIsFoundByWhatIsReadThere() {
		assertThat(ID.upstreamRef()).isEqualTo("fg690173a50123456789abcdef");
		assertThat(OrderId.ofUpstreamRef(ID.upstreamRef())).contains(ID);
	}

	@Test
	void idsAreInTheOrderOfTheirSeconds() {
		Instant time = Instant.ofEpochSecond(0x690173a5L);
		OrderId next = OrderId.next(time.plusMillis(999), new SecureRandom());

		assertThat(OrderId.first(time).value()).isEqualTo("690173a50000000000000000");
		assertThat(OrderId.parse(next.value())).contains(next);
		assertThat(next.value()).startsWith("690173a5")
			.isNotEqualTo(OrderId.next(time.plusMillis(999), new SecureRandom()).value());
	}

}
