package dz.flexy.gateway.orders;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dz.flexy.gateway.orders.OrderListStore.Range;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.ServerRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class QueryTest {

	private static final Function<Query, Integer> SIZE = (query) -> query.number("pageSize", 20, 100);

	@Test
	void nothingGivenIsTheFirstPageOfAll() {
		assertThat(SIZE.apply(query(""))).isEqualTo(20);
		assertThat(query("").range()).isEqualTo(Range.ALL);
		assertThat(query("unknown=1&unknown=2").range()).isEqualTo(Range.ALL);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 100 })
	void readsNumbersUpToTheirBounds(int size) {
		assertThat(SIZE.apply(query("pageSize=" + size))).isEqualTo(size);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pageSize=0", "pageSize=101", "pageSize=-1", "pageSize=1.5", "pageSize=abc", "pageSize=",
			"pageSize", "pageSize=1e1", "pageSize=%2010", "pageSize=+10", "pageSize=4294967297",
			"pageSize=10&pageSize=10", "pageSize=10&pageSize=20" })
	void refusesOtherSizes(String text) {
		assertRefused(text, SIZE, "pageSize");
	}

	@ParameterizedTest
	@ValueSource(strings = { "page=0", "page=-1", "page=2147483648", "page=x", "page=1&page=2" })
	void refusesOtherPages(String text) {
		assertRefused(text, (query) -> query.number("page", 1, Integer.MAX_VALUE), "page");
	}

	/** A plus sign that is not escaped arrives as a space. */
	@ParameterizedTest
	@ValueSource(strings = { "2025-10-29T00:35:58Z", "2025-10-29T00:35:58.000Z", "2025-10-29T01:35:58%2B01:00",
			"2025-10-29T01:35:58+01:00", "2025-10-28T23:35:58-01:00", "2025-10-29T00:35:58.000999Z" })
	void readsTheSameInstant(String text) {
		Instant instant = Instant.parse("2025-10-29T00:35:58Z");

		assertThat(query("from=" + text + "&to=" + text).range()).isEqualTo(new Range(instant, instant));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "2025-10-29", "2025-10-29T00:35:58", "2025-10-29 00:35:58Z", "1761698158",
			"2025-02-30T00:00:00Z", "2025-10-29T00:35:58Z&from=2025-10-29T00:35:58Z" })
	void refusesWhatIsNoInstant(String text) {
		assertRefused("to=2025-10-29T00:35:58Z&from=" + text.replace(" ", "%20"), Query::range, "from");
	}

	@Test
	void oneDateAloneMissesTheOther() {
		assertRefused("from=2025-10-29T00:35:58Z", Query::range, "to");
		assertRefused("to=2025-10-29T00:35:58Z", Query::range, "from");
	}

	@Test
	void aRangeThatEndsBeforeItBeginsIsOne() {
		Range range = query("from=2025-10-30T00:00:00Z&to=2025-10-29T00:00:00Z").range();

		assertThat(range.from()).isAfter(range.to());
	}

	@Test
	void refusesFiltersAndCursorsGivenTwice() {
		assertRefused("state=REJECTED&state=FULFILLED", Query::filters, "state");
		assertRefused("cursor=x&cursor=x", Query::cursor, "cursor");
	}

	@Test
	void readsTheFiltersThatItKnows() {
		assertThat(query("").filters()).isEmpty();
		assertThat(query("ref=r1&state=REJECTED&unknown=1").filters())
			.isEqualTo(Map.of("ref", "r1", "state", "REJECTED"));
	}

	@Test
	void readsThePlaceThatItGaveOut() {
		Cursor cursor = new Cursor(Instant.parse("2025-10-29T01:23:45.678901Z"), "0123456789abcdef01234567");

		assertThat(query("").cursor()).isEmpty();
		assertThat(query("cursor=" + cursor.text()).cursor()).contains(cursor);
		assertRefused("cursor=x", Query::cursor, "cursor");
	}

	private static void assertRefused(String text, Function<Query, ?> read, String field) {
		assertThatThrownBy(() -> read.apply(query(text))).as(text)
			.asInstanceOf(InstanceOfAssertFactories.type(Problem.class))
			.satisfies((problem) -> {
				assertThat(problem.code()).isEqualTo(ErrorCode.ERR_VALIDATION.name());
				assertThat(problem.message()).startsWith(field + " ");
				assertThat(problem.details()).containsEntry("field", field);
			});
	}

	private static Query query(String text) {
		MockServerHttpRequest request = MockServerHttpRequest
			.method(HttpMethod.GET, URI.create("http://localhost/v3/internet/list?" + text))
			.build();
		return new Query(ServerRequest.create(MockServerWebExchange.from(request), List.of()));
	}

}
