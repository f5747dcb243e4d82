package dz.flexy.gateway.callers;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dz.flexy.gateway.Database;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.r2dbc.core.DatabaseClient;

import static org.assertj.core.api.Assertions.assertThat;

class TicketStoreTest {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final Duration HOUR = Duration.ofHours(1);

	private static final CallerId SHOP = new CallerId("shop");

	private static final Set<Scope> READ = Set.of(Scope.ORDERS_READ);

	private final DatabaseClient database = Database.fresh().client();

	private final TicketStore tickets = new TicketStore(this.database);

	@Test
	void ofAllWhoShowATicketOneGetsASession() {
		issue("t", "order-1");

		List<Ticket> sessions = await(
				Flux.range(0, 8).flatMap((i) -> exchange("t", "order-1", false, "s" + i)).collectList());

		assertThat(sessions).singleElement().satisfies((ticket) -> {
			assertThat(ticket.caller()).isEqualTo(SHOP);
			assertThat(ticket.order()).isEqualTo("order-1");
			assertThat(ticket.scopes()).isEqualTo(READ);
			assertThat(ticket.left()).isBetween(HOUR.minusSeconds(10), HOUR);
		});
		assertThat(alive("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"))
			.containsExactly(sessions.getFirst().session());
	}

	@Test
	void endsWhenItIsTold() {
		Instant end = await(this.tickets.issue("t", SHOP, "order-1", READ, MINUTE));

		assertThat(Duration.between(
				await(this.database.sql("select created_at from callers_ticket").mapValue(Instant.class).one()), end))
			.isEqualTo(MINUTE);
	}

	@Test
	void aTicketThatIsOverIsNoTicket() {
		issue("t", "order-1");
		over("t");

		StepVerifier.create(exchange("t", "order-1", false, "s")).expectComplete().verify(LIMIT);
	}

	@Test
	void aTicketIsGoodForItsOwnOrderOnly() {
		issue("t", "order-1");

		StepVerifier.create(exchange("t", "order-2", true, "s")).expectComplete().verify(LIMIT);
		StepVerifier.create(exchange("t", null, true, "s")).expectComplete().verify(LIMIT);
		assertThat(await(exchange("t", "order-1", true, "s"))).isNotNull();
	}

	@Test
	void aTicketOfTheBoardIsGoodWhereTheBoardReads() {
		issue("t", null);

		StepVerifier.create(exchange("t", "order-1", false, "s")).expectComplete().verify(LIMIT);
		Ticket session = await(exchange("t", "order-1", true, "s"));

		assertThat(session.isBoard()).isTrue();
		assertThat(session.left()).isBetween(HOUR.multipliedBy(2).minusSeconds(10), HOUR.multipliedBy(2));
	}

	@Test
	void aSessionThatIsOverOrEndedIsNone() {
		issue("t", "order-1");
		issue("u", null);
		await(exchange("t", "order-1", false, "s"));
		await(exchange("u", null, true, "v"));
		assertThat(alive("s", "v", "x")).containsExactlyInAnyOrder("s", "v");

		over("t");
		this.tickets.end("v").block(LIMIT);

		assertThat(alive("s", "v")).isEmpty();
	}

	@Test
	void aScopeThatIsNotKnownIsNone() {
		issue("t", null);
		execute("update callers_ticket set scopes = array['ORDERS_READ', 'FLY']");

		assertThat(await(exchange("t", null, true, "s")).scopes()).isEqualTo(READ);
	}

	@Test
	void erasesWhatIsOverAndNothingElse() {
		for (int i = 0; i < 5; i++) {
			issue("t" + i, "order-1");
			over("t" + i);
		}
		issue("u", "order-1");
		issue("v", null);
		await(exchange("v", null, true, "s"));

		List<Long> erased = List.of(await(this.tickets.erase(3)), await(this.tickets.erase(3)),
				await(this.tickets.erase(3)));

		assertThat(erased).containsExactly(3L, 2L, 0L);
		assertThat(await(this.database.sql("select digest from callers_ticket order by 1")
			.mapValue(String.class)
			.all()
			.collectList())).containsExactly("u", "v");
	}

	@Test
	void watchesForSignOutsOnlyWhileSomebodyWaits() {
		issue("t", null);
		await(exchange("t", null, true, "s"));
		SignOuts signOuts = new SignOuts(this.tickets);

		StepVerifier.create(Mono.firstWithSignal(signOuts.of("s"), signOuts.of("s")))
			.then(() -> assertThat(signOuts.watched()).isEqualTo(1))
			.then(() -> signOuts.look().block(LIMIT))
			.expectNoEvent(Duration.ofMillis(50))
			.then(() -> this.tickets.end("s").then(signOuts.look()).block(LIMIT))
			.expectComplete()
			.verify(LIMIT);

		assertThat(signOuts.watched()).isZero();
	}

	@Test
	void oneWhoLeavesEndsNothingForAnother() {
		SignOuts signOuts = new SignOuts(this.tickets);
		StepVerifier.create(signOuts.of("s"))
			.then(() -> StepVerifier.create(signOuts.of("s")).thenCancel().verify(LIMIT))
			.then(() -> assertThat(signOuts.watched()).isEqualTo(1))
			.then(() -> signOuts.signedOut("s"))
			.expectComplete()
			.verify(LIMIT);
	}

	private void issue(String digest, String order) {
		await(this.tickets.issue(digest, SHOP, order, READ, MINUTE));
	}

	private Mono<Ticket> exchange(String digest, String order, boolean board, String session) {
		return this.tickets.exchange(digest, order, board, session, HOUR, HOUR.multipliedBy(2));
	}

	private List<String> alive(String... sessions) {
		return await(this.tickets.sessions(List.of(sessions)).map(Ticket::session).collectList());
	}

	private void over(String digest) {
		execute("update callers_ticket set ends_at = now() where digest = '" + digest + "'");
	}

	private void execute(String sql) {
		this.database.sql(sql).then().block(LIMIT);
	}

	private static <T> T await(Mono<T> value) {
		return Objects.requireNonNull(value.block(LIMIT));
	}

}
