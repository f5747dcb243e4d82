package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.Change;
import dz.flexy.gateway.orders.OrderState;
import dz.flexy.gateway.simulator.Fault;
import dz.flexy.gateway.simulator.RequestMatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** When comparisons run, on a real database and before the simulator. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RunsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Unlike errors it opens no breaker, whose rest each later run would wait for. */
	private static final Fault REFUSED = Fault.refused(400, "ERR_VALIDATION");

	private LedgerUnderTest ledger;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start(Map.of("gateway.reconciliation.settled", "0s",
				"gateway.reconciliation.pause", "20ms", "gateway.reconciliation.grace", "10ms"));
		this.ledger.upstream().account("sim-key-1").deposit(new BigDecimal("1000000"));
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@Test
	@Order(1)
	void aNewAccountIsComparedAfterOneInterval() {
		run();

		assertThat(row("select count(*) from reconciliation_run")).isEqualTo("0");
		assertThat(due()).isBetween(Duration.ofHours(23), Duration.ofHours(24));
	}

	@Test
	@Order(2)
	void whatCannotBeReadIsReadAgainLaterAndLater() {
		for (int minutes : List.of(1, 2, 4)) {
			this.ledger.upstream().faults().clear();
			this.ledger.upstream()
				.faults()
				.next((minutes == 1) ? Fault.errorBeforeCommit() : REFUSED,
						RequestMatch.onRoute("/v3/account/transactions"))
				.always();
			ask();
			run();

			assertThat(row("select state || ': ' || reason from reconciliation_run order by id desc limit 1"))
				.startsWith("INCOMPLETE: ledger: ");
			assertThat(due()).isBetween(Duration.ofMinutes(minutes).minusSeconds(20), Duration.ofMinutes(minutes));
		}
		this.ledger.execute("update reconciliation_due set failures = 5000");
		ask();
		run();
		assertThat(due()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
		this.ledger.upstream().faults().clear();
		ask();
		run();

		assertThat(row("select state from reconciliation_run order by id desc limit 1")).isEqualTo("COMPLETE");
		assertThat(row("select extract(epoch from max(to_at) - max(from_at))::int / 3600 from reconciliation_run"))
			.isEqualTo("96");
		assertThat(due()).isBetween(Duration.ofHours(23), Duration.ofHours(24));
		assertThat(row("select failures from reconciliation_due")).isEqualTo("0");
	}

	/** Three pages of a list, and two of rows that are not ours. */
	@Test
	@Order(3)
	void goesThroughAllPages() {
		Flux.range(0, 205)
			.flatMap((i) -> send("0363%03d80".formatted(i), "their-own-" + i), 20)
			.then(send("036330080", "fg" + "1".repeat(24)))
			.then(send("036330180", "fg" + "2".repeat(24)))
			.block(PATIENCE);
		this.ledger.handling("gone");

		for (int i = 0; i < 2; i++) {
			ask();
			run();

			assertThat(row("select counts from reconciliation_run order by id desc limit 1"))
				.contains("\"outside.internet\":205");
			assertThat(row("select string_agg(class, ' ' order by class) from reconciliation_break"))
				.isEqualTo("OURS_ONLY THEIRS_ONLY THEIRS_ONLY");
		}
	}

	@Test
	@Order(4)
	void begins72HoursBeforeTheLastCompleteOne() {
		ask();
		run();

		assertThat(
				row("""
						select (extract(epoch from max(to_at) filter (where id <> last) - max(from_at) filter (where id = last))
						        / 3600)::int
						from reconciliation_run, (select max(id) as last from reconciliation_run) latest where state = 'COMPLETE'"""))
			.isEqualTo("72");
	}

	@Test
	@Order(6)
	void afterAStopItIsDoneInParts() {
		row("with moved as (update reconciliation_run set to_at = now() - interval '5 days' returning id) "
				+ "select count(*) from moved");
		ask();
		RunStore runs = this.ledger.bean(RunStore.class);
		Run part = Objects.requireNonNull(runs.begin(this.ledger.account().id()).block(PATIENCE));

		runs.finish(part, Optional.empty(), "{}").block(PATIENCE);

		assertThat(Duration.between(part.from(), part.to())).isEqualTo(Duration.ofHours(72 + 36));
		assertThat(due()).isBetween(Duration.ofSeconds(-10), Duration.ZERO);
		assertThat(runs.ages().block(PATIENCE).get("main")).isBetween(84 * 3600.0, 84 * 3600.0 + 30);
	}

	@Test
	@Order(7)
	void whatIsAskedMeanwhileIsDoneNext() {
		ask();
		RunStore runs = this.ledger.bean(RunStore.class);
		Run run = Objects.requireNonNull(runs.begin(this.ledger.account().id()).block(PATIENCE));
		ask();

		runs.finish(run, Optional.of("-"), "{}").block(PATIENCE);

		assertThat(due()).isLessThanOrEqualTo(Duration.ZERO);
		assertThat(row("select asked from reconciliation_due")).isIn("t", "true");
	}

	@Test
	@Order(5)
	void aReplicaThatLostItsLeaseWritesNothing() {
		ask();
		RunStore runs = this.ledger.bean(RunStore.class);
		Run stale = runs.begin(this.ledger.account().id()).block(PATIENCE);
		Pass pass = new Pass(Objects.requireNonNull(stale), this.ledger.account());
		dz.flexy.gateway.orders.Order order = this.ledger.apply(this.ledger.handling("stale"),
				Change.to(OrderState.FULFILLED));
		ask();
		run();
		String before = row("select count(*) from reconciliation_break");

		this.ledger.bean(Findings.class)
			.open(pass, Finding.of(order, "other", new Difference(BreakClass.AMOUNT_DIFFERS, "-", null)))
			.then(runs.finish(stale, Optional.empty(), "{}"))
			.then(this.ledger.bean(BookStore.class).addMoved(stale, List.of()))
			.block(PATIENCE);

		assertThat(row("select count(*) from reconciliation_break")).isEqualTo(before);
		assertThat(row("select state from reconciliation_run where id = " + stale.id())).isEqualTo("BROKEN_OFF");
		assertThat(this.ledger.bean(BookStore.class)
			.unmatched(stale, Family.INTERNET, "", 1)
			.collectList()
			.block(PATIENCE)).isEmpty();
	}

	private Mono<String> send(String number, String ref) {
		return WebClient.create(this.ledger.upstream().baseUrl().toString())
			.post()
			.uri("/v3/internet/send")
			.header("X-Access-Token", "sim-key-1")
			.bodyValue(Map.of("type", "ADSL", "number", number, "value", 1000, "ref", ref))
			.retrieve()
			.bodyToMono(String.class);
	}

	private void ask() {
		this.ledger.bean(Runs.class).ask(List.of(this.ledger.account())).blockLast(PATIENCE);
	}

	private void run() {
		this.ledger.bean(Runs.class).runIfDue(this.ledger.account()).block(PATIENCE);
	}

	private Duration due() {
		return Duration.ofSeconds(
				Long.parseLong(row("select extract(epoch from due_at - now())::bigint from reconciliation_due")));
	}

	private String row(String sql) {
		return this.ledger.row(sql);
	}

}
