package dz.flexy.gateway.problem;

import java.util.EnumSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorCodeTest {

	@ParameterizedTest
	@CsvSource({ "ERR_VALIDATION, ERR_VALIDATION", "ERR_PHONE, ERR_PHONE", "INVALID_PHONE, ERR_PHONE",
			"ERR_STOCK, ERR_STOCK", "INSUFFICIENT_BALANCE, INSUFFICIENT_BALANCE", "NO_BALANCE, INSUFFICIENT_BALANCE",
			"DUPLICATED_REF, DUPLICATED_REF", "DUPLICATED-REF, DUPLICATED_REF", "duplicated-ref, DUPLICATED_REF",
			"' ERR_PHONE ', ERR_PHONE", "NOT_FOUND, NOT_FOUND", "RATE_LIMIT_EXCEEDED, RATE_LIMIT_EXCEEDED" })
	void readsEachPublishedSpelling(String spelling, ErrorCode code) {
		assertThat(ErrorCode.ofUpstream(spelling)).contains(code);
	}

	/** Our own codes and those of servers settle nothing when the upstream says them. */
	@ParameterizedTest
	@ValueSource(strings = { "", "ERR_OPERATOR", "ERR PHONE", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "CANCELLED",
			"NOT_SENT_IN_TIME", "UPSTREAM_ACCOUNT_STOPPED", "INVALID_ACCESS_TOKEN" })
	void knowsNoOther(String code) {
		assertThat(ErrorCode.ofUpstream(code)).isEmpty();
	}

	@Test
	void eachHasAnErrorStatus() {
		assertThat(EnumSet.allOf(ErrorCode.class)).allSatisfy((code) -> assertThat(code.status()).isBetween(400, 599));
	}

}
