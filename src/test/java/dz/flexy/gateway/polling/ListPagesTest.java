package dz.flexy.gateway.polling;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.ReceivedRequest;
import dz.flexy.gateway.simulator.RequestMatch;
import dz.flexy.gateway.upstream.Call;
import dz.flexy.gateway.upstream.Purchase;
import dz.flexy.gateway.upstream.Outcome;
import dz.flexy.gateway.upstream.Purchases;
import dz.flexy.gateway.upstream.Topup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** A hundred and fifty orders upstream: two pages, newest first. */
@TestInstance(Lifecycle.PER_CLASS)
class ListPagesTest {

	private static final RequestMatch LIST = RequestMatch.onWord("list");

	private LedgerUnderTest ledger;

	private Order oldest;

	private Order newest;

	private Order absent;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start(Map.of("gateway.upstream.response-timeout", "10s"));
		this.oldest = this.ledger.sending();
		this.absent = this.ledger.sending();
		this.newest = this.ledger.sending();
		send(this.oldest.upstreamRef()).block();
		Flux.range(0, 148).flatMap((i) -> send("noise-" + i), 8).blockLast(Duration.ofSeconds(30));
		send(this.newest.upstreamRef()).block();
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@BeforeEach
	void forget() {
		this.ledger.upstream().requests().clear();
	}

	@AfterEach
	void mend() {
		this.ledger.upstream().faults().clear();
	}

	@Test
	void stopsAtThePageThatHasTheLast() {
		Scan scan = byRef(this.newest);

		assertThat(scan.found()).containsOnlyKeys(this.newest);
		assertThat(pages()).containsExactly("1");
	}

	@Test
	void readsOnUntilAllAreFound() {
		Scan scan = byRef(this.newest, this.oldest);

		assertThat(scan.found()).containsOnlyKeys(this.newest, this.oldest);
		assertThat(scan.found().get(this.oldest).hasRef(this.oldest.upstreamRef())).isTrue();
		assertThat(pages()).containsExactly("1", "2");
	}

	@Test
	void isCompleteOnceEveryPageWasRead() {
		Scan scan = byRef(this.newest, this.absent);

		assertThat(scan.complete()).isTrue();
		assertThat(scan.found()).containsOnlyKeys(this.newest);
		assertThat(pages()).containsExactly("1", "2");
	}

	/** Half a minute for the clocks at either end, and ten minutes to be shown in. */
	@Test
	void readsTheTimeInWhichAnOrderCanHaveArrivedAndNoMore() {
		Order old = this.ledger.set(this.ledger.sending(),
				"first_sent_at = now() - interval '1 hour', send_by = now() - interval '1 hour'");
		Order resent = this.ledger.set(this.ledger.begin(this.ledger.sending()),
				"first_sent_at = now() - interval '2 hours', send_by = now() - interval '1 hour'");

		byRef(old);
		byRef(resent);

		assertThat(windows()).containsExactly(Duration.ofMinutes(11), Duration.ofMinutes(71));
	}

	@Test
	void isIncompleteIfThereWereMorePages() {
		assertThat(byRef(this.newest).complete()).isFalse();
	}

	@Test
	void isIncompleteIfAPageFailed() {
		fail("2");

		Scan scan = byRef(this.newest, this.absent);

		assertThat(scan.complete()).isFalse();
		assertThat(scan.found()).containsOnlyKeys(this.newest);
	}

	/** It may be the one that is looked for. */
	@Test
	void isIncompleteIfARowCannotBeRead() {
		this.ledger.upstream().account("sim-key-1").settleRef("noise-0", "");

		Scan scan = byRef(this.newest, this.absent);
		this.ledger.upstream().account("sim-key-1").settleRef("noise-0", "HANDLING");

		assertThat(scan.complete()).isFalse();
	}

	@Test
	void isIncompleteAndEmptyIfTheFirstPageFailed() {
		fail("1");

		Scan scan = byRef(this.newest, this.absent);

		assertThat(scan.complete()).isFalse();
		assertThat(scan.found()).isEmpty();
		assertThat(pages()).containsExactly("1");
	}

	@Test
	void readsOneFixedWindowAroundTheOrders() {
		byRef(this.oldest, this.absent);

		assertThat(requests()).hasSize(2).allSatisfy((request) -> {
			assertThat(request.query()).containsEntry("pageSize", "100");
			assertThat(time(request, "from")).isEqualTo(millis(this.oldest.sending().at().minusSeconds(30)));
			assertThat(time(request, "to")).isEqualTo(millis(this.absent.readAt().plusSeconds(30)));
		});
	}

	@Test
	void findsByTheUpstreamsIdsInTheWindowOfTheirSends() {
		Topup row = byRef(this.oldest).found().get(this.oldest);
		Order known = this.ledger.set(this.oldest, "upstream_id = '" + row.id() + "'");
		forget();

		Scan scan = this.ledger.bean(ListPages.class)
			.byId(Call.track(this.ledger.account()), Family.INTERNET, List.of(known))
			.block(Duration.ofSeconds(20));

		assertThat(scan.found()).containsOnlyKeys(known);
		assertThat(requests()).allSatisfy((request) -> {
			assertThat(time(request, "from")).isEqualTo(millis(known.sending().at().minusSeconds(30)));
			assertThat(time(request, "to")).isEqualTo(millis(known.sending().at().plusSeconds(60)));
		});
	}

	private List<Duration> windows() {
		return this.ledger.upstream()
			.requests()
			.where(LIST)
			.stream()
			.map((request) -> Duration.between(Instant.parse(request.query().get("from")),
					Instant.parse(request.query().get("to"))))
			.toList();
	}

	private Scan byRef(Order... orders) {
		return this.ledger.bean(ListPages.class)
			.byRef(Call.settle(this.ledger.account()), Family.INTERNET, List.of(orders))
			.block(Duration.ofSeconds(20));
	}

	private void fail(String page) {
		this.ledger.upstream()
			.faults()
			.next(Fault.errorBeforeCommit(), LIST.and((request) -> page.equals(request.query().get("page"))));
	}

	private List<ReceivedRequest> requests() {
		return this.ledger.upstream().requests().where(LIST);
	}

	private List<String> pages() {
		return requests().stream().map(ReceivedRequest::query).map((query) -> query.get("page")).toList();
	}

	private static Instant time(ReceivedRequest request, String bound) {
		Map<String, String> query = request.query();
		return Instant.parse(query.get(bound));
	}

	private static Instant millis(Instant instant) {
		return instant.truncatedTo(ChronoUnit.MILLIS);
	}

	private Mono<Outcome<?>> send(String ref) {
		Purchase purchase = new Purchase.Internet("ADSL", LedgerUnderTest.NUMBER, new BigDecimal("1000"), ref);
		return this.ledger.bean(Purchases.class)
			.send(Call.send(this.ledger.account(), Duration.ofSeconds(20)), purchase, Mono.empty(),
					Duration.ofSeconds(20))
			.doOnNext((outcome) -> assertThat(outcome).isInstanceOf(Outcome.Success.class))
			.map((outcome) -> outcome);
	}

}
