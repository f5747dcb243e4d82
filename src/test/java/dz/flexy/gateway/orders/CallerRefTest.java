package dz.flexy.gateway.orders;

import java.util.List;

import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.CallerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CallerRefTest {

	/** Of a caller named {@code web-shop}. */
	@ParameterizedTest
	@CsvSource({ "r1, r1", "API-web-shop-r1, API-web-shop-r1 r1", "API-web-shop-r-1, API-web-shop-r-1 r-1",
			"API-other-r1, API-other-r1 r1", "API-other-r-1, API-other-r-1 r-1", "API-other, API-other",
			"APIx-r1, APIx-r1", "API--r1, API--r1 r1" })
	void aTextMayMeanTheseRefsLikeliestFirst(String text, String readings) {
		Caller caller = Ledger.order(new CallerId("web-shop"), "-").caller();

		assertThat(CallerRef.readings(caller, text)).isEqualTo(List.of(readings.split(" ")));
	}

	@Test
	void whatTheDatabaseCannotHoldIsNone() {
		Caller caller = Ledger.order(new CallerId("web-shop"), "-").caller();

		assertThat(CallerRef.readings(caller, "\0")).isEmpty();
		assertThat(CallerRef.readings(caller, "API-web-shop-\0")).isEmpty();
	}

}
