package dz.flexy.gateway;

import java.util.Objects;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** Checks that an answer is a refusal in the one envelope. */
final class ProblemAssert {

	private final Answer answer;

	private ProblemAssert(Answer answer) {
		this.answer = answer;
	}

	static ProblemAssert assertThatProblem(Answer answer) {
		return new ProblemAssert(Objects.requireNonNull(answer));
	}

	/** The whole envelope with that code. */
	ProblemAssert is(int status, String code) {
		String body = this.answer.body().toString();
		assertThat(this.answer.status()).as(body).isEqualTo(status);
		assertThat(this.answer.body().propertyNames()).as(body).containsExactly("success", "error", "requestId");
		assertThat(this.answer.body().path("success").booleanValue()).isFalse();
		assertThat(this.answer.code()).as(body).isEqualTo(code);
		assertThat(message()).startsWith(code + ": ").hasSizeGreaterThan(code.length() + 2);
		assertThat(this.answer.headers().getFirst("X-Request-ID")).startsWith("req_")
			.isEqualTo(this.answer.body().path("requestId").asString());
		assertThat(this.answer.headers().getFirst(HttpHeaders.CONTENT_TYPE)).startsWith("application/json");
		if (status == 429 || status == 503) {
			retriesLater();
		}
		return this;
	}

	/** A malformed field of the request. */
	ProblemAssert names(String field) {
		is(400, "ERR_VALIDATION");
		assertThat(this.answer.body().at("/error/details/field").asString()).as(message()).isEqualTo(field);
		assertThat(message()).contains(field);
		return this;
	}

	/** Says that nothing was bought and that the same request may come again. */
	ProblemAssert isHarmless() {
		assertThat(this.answer.body().at("/error/details/moneyMayHaveMoved").booleanValue()).isFalse();
		assertThat(this.answer.body().at("/error/details/retrySafe").booleanValue()).isTrue();
		return this;
	}

	ProblemAssert retriesLater() {
		assertThat(this.answer.headers().getFirst(HttpHeaders.RETRY_AFTER)).matches("[1-9][0-9]*");
		return this;
	}

	/** Tells the caller's quota. */
	ProblemAssert tellsQuota() {
		for (String header : new String[] { "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset" }) {
			assertThat(this.answer.headers().getFirst(header)).as(header).matches("[0-9]+");
		}
		return this;
	}

	private String message() {
		return this.answer.body().at("/error/message").asString("");
	}

}
