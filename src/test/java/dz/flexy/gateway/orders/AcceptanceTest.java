package dz.flexy.gateway.orders;

import java.util.Optional;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.SHOP;
import static dz.flexy.gateway.orders.Ledger.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What a caller is told whose order could not be stored. */
class AcceptanceTest {

	private final FailingConnections connections = new FailingConnections(Database.fresh().connections());

	private final Ledger ledger = new Ledger(this.connections);

	@Test
	void nothingIsAcceptedWithoutAConnection() {
		this.connections.fail();

		assertTold(refusal("r1", null), "STORE_UNAVAILABLE", false, true);
	}

	/**
	 * Raised by a rule, a lost race, a deadlock, a failed check: nothing is left behind.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "P0001", "40001", "40P01", "23514" })
	void nothingIsAcceptedWhereTheServerSaysSo(String sqlState) {
		insertsFailWith(sqlState);

		assertTold(refusal("r1", null), "STORE_UNAVAILABLE", false, true);
	}

	/** Connection failures, shutdowns, and the state that says so itself. */
	@ParameterizedTest
	@ValueSource(strings = { "08006", "57P01", "57014", "40003" })
	void whatTheServerDoesNotDenyMayBeAccepted(String sqlState) {
		insertsFailWith(sqlState);

		assertTold(refusal("r1", null), "ACCEPTANCE_UNKNOWN", true, true);
	}

	@ParameterizedTest
	@CsvSource({ "r1, , true", ", k1, true", ", , false" })
	void whatCannotBeFoundAgainMustNotBeRepeated(@Nullable String ref, @Nullable String key, boolean retrySafe) {
		insertsFailWith("57P01");

		assertTold(refusal(ref, key), "ACCEPTANCE_UNKNOWN", true, retrySafe);
	}

	@Test
	void aRefIsUsedOnce() {
		this.ledger.accept("r1");

		Problem problem = refusal("r1", null);

		assertTold(problem, "DUPLICATED_REF", false, false);
		assertThat(problem.details()).containsEntry("ref", "r1");
	}

	@Test
	void anIdempotencyKeyIsUsedOnce() {
		await(this.ledger.orders().accept(order("r1", "k1")));

		assertThatExceptionOfType(IdempotencyKeyTaken.class)
			.isThrownBy(() -> this.ledger.orders().accept(order("r2", "k1")).block(LIMIT));
	}

	private void insertsFailWith(String sqlState) {
		run("create function fail() returns trigger language plpgsql as $$ begin raise exception using errcode = '"
				+ sqlState + "'; end $$");
		run("create trigger fail before insert on orders_order for each row execute function fail()");
	}

	private void run(String sql) {
		this.ledger.database().sql(sql).then().block(LIMIT);
	}

	private Problem refusal(@Nullable String ref, @Nullable String key) {
		return catchThrowableOfType(Problem.class, () -> this.ledger.orders().accept(order(ref, key)).block(LIMIT));
	}

	private static NewOrder order(@Nullable String ref, @Nullable String key) {
		NewOrder plain = Ledger.order(SHOP, "r");
		return new NewOrder(plain.caller(), plain.family(), Optional.ofNullable(ref), plain.item(),
				plain.sendDeadline(), plain.answered(), Optional.ofNullable(key)
					.map((given) -> new IdempotencyKey(SHOP, "/v3/internet/send", given, "digest")));
	}

	private static void assertTold(Problem problem, String code, boolean moneyMayHaveMoved, boolean retrySafe) {
		assertThat(problem.code()).isEqualTo(code);
		assertThat(problem.details()).containsEntry("moneyMayHaveMoved", moneyMayHaveMoved)
			.containsEntry("retrySafe", retrySafe);
	}

}
