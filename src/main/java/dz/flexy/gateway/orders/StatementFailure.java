package dz.flexy.gateway.orders;

import java.util.Optional;
import java.util.stream.Stream;

import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcException;
import org.jspecify.annotations.Nullable;

/** What the server says of a statement that failed. */
final class StatementFailure {

	private static final int MOST_CAUSES = 20;

	private StatementFailure() {
	}

	/** The name of the constraint that it broke. */
	static Optional<String> constraint(Throwable failure) {
		return causes(failure).filter(PostgresqlException.class::isInstance)
			.map((cause) -> ((PostgresqlException) cause).getErrorDetails().getConstraintName())
			.flatMap(Optional::stream)
			.findFirst();
	}

	/**
	 * The server reported an error, so the statement left nothing behind; except for
	 * connection failures (08), interventions such as a shutdown (57), and the state that
	 * says so itself (40003).
	 */
	static boolean leftNothing(Throwable failure) {
		return causes(failure).filter(R2dbcException.class::isInstance)
			.map((cause) -> ((R2dbcException) cause).getSqlState())
			.anyMatch(StatementFailure::leavesNothing);
	}

	private static boolean leavesNothing(@Nullable String sqlState) {
		return sqlState != null && !sqlState.startsWith("08") && !sqlState.startsWith("57")
				&& !sqlState.equals("40003");
	}

	private static Stream<Throwable> causes(Throwable failure) {
		return Stream.<Throwable>iterate(failure, Throwable::getCause)
			.takeWhile((cause) -> cause != null)
			.limit(MOST_CAUSES);
	}

}
