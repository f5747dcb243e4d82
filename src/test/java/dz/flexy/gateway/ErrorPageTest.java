package dz.flexy.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import dz.flexy.gateway.problem.ErrorCode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The catalogue of errors is what {@link ErrorCode} says, no more and no less. */
class ErrorPageTest {

	private static final Path PAGE = Path.of("docs/errors.md");

	private static final String REWRITE = "errors.write";

	private static final List<ErrorCode> CODES = Arrays.stream(ErrorCode.values())
		.sorted(Comparator.comparingInt(ErrorCode::status))
		.toList();

	@Test
	void isWhatTheCodeSays() throws IOException {
		if (Boolean.getBoolean(REWRITE)) {
			Files.writeString(PAGE, page());
		}

		assertThat(Files.readString(PAGE)).as("run: mvn test -Dtest=ErrorPageTest -D%s=true", REWRITE)
			.isEqualTo(page());
	}

	@Test
	void givesEachCodeItsFacts() {
		assertThat(CODES).allSatisfy((code) -> assertThat(List.of(code.meaning(), code.raised(), code.received()))
			.allSatisfy((text) -> assertThat(text).matches("(?s)[A-Z`].*\\.")));
	}

	private static String page() {
		return """
				<!-- Made from ErrorCode. Rewrite it with: mvn test -Dtest=ErrorPageTest -Derrors.write=true -->
				# Errors

				Every failure is told in one envelope, on every path:

				```json
				{"success":false,"error":{"code":"ERR_STOCK","message":"ERR_STOCK: the card value is out of stock","details":{"type":"ADSL","value":1000,"moneyMayHaveMoved":false,"retrySafe":true}},"requestId":"req_1795315547_9362f0694556"}
				```

				`error.message` begins with the code. `details.moneyMayHaveMoved` and `details.retrySafe` decide in the single case; the table below is the rule. A safe repeat cannot buy twice; whether it helps is another matter. A 429 and a 503 carry `Retry-After` in seconds. An order that ends `REJECTED` after its send was answered with an id shows REFUNDED and a `refund_message` that begins `NOT_CHARGED:` instead of an error.

				| Code | HTTP | May money have moved? | Same request again? |
				|---|---|---|---|
				%s
				%s
				## Other codes of the upstream

				A refusal with a code that is none of these is handed on as it came: code, HTTP status, words and details, and the upstream's id of the request as `details.upstreamRequestId`. Before an order is given up for such a code it is looked up once, and it is never sent again.

				Codes that refuse the gateway's own key (`ERR_AUTH`, `IP_BLOCKED`, `IP_NOT_ALLOWED`, `API_DISABLED`) are never shown: they stop the account, see `UPSTREAM_ACCOUNT_STOPPED`. `SERVICE_UNAVAILABLE` and every other 5xx say nothing about a send, which is looked up; `AUTH_UNAVAILABLE` says that it was not begun, and it waits for its turn again.
				"""
			.formatted(CODES.stream().map(ErrorPageTest::row).collect(Collectors.joining("\n")),
					CODES.stream().map(ErrorPageTest::section).collect(Collectors.joining()));
	}

	private static String row(ErrorCode code) {
		return "| [`%1$s`](#%2$s) | %3$d | %4$s | %5$s |".formatted(code, code.name().toLowerCase(Locale.ROOT),
				code.status(), code.money().label(), code.repeat().label());
	}

	private static String section(ErrorCode code) {
		return """

				## %s

				%s

				- Raised by the gateway: %s
				- Received from the upstream: %s
				""".formatted(code, code.meaning(), code.raised(), code.received());
	}

}
