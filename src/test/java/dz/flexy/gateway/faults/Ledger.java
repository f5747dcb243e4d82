package dz.flexy.gateway.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway's tables, read past the gateway. */
final class Ledger {

	private static final String OPEN = """
			select count(*) from orders_order
			where state not in ('FULFILLED', 'PARTIALLY_FILLED', 'REFUNDED', 'REJECTED')
			  and not (number is null and state = 'SEND_UNKNOWN' and flag is not null)""";

	private static final String ENTRIES = """
			select id, caller, number, card_type, quantity, upstream_ref, coalesce(upstream_id, '') upstream_id, state,
			       changes, cost, flag, candidates
			from orders_order order by accepted_at, id""";

	private static final String STEPS = """
			select position, order_id, caller, number, at, state, previous_state, reason
			from orders_event order by position""";

	private static final String REFUSALS = """
			select coalesce(refusal::json ->> 'code', '-'), count(*) from orders_order
			where state = 'REJECTED' group by 1""";

	private static final String CUT = """
			select count(pg_terminate_backend(pid)) from pg_stat_activity
			where pid <> pg_backend_pid() and backend_type = 'client backend' and random() < 0.7""";

	private static final JsonMapper JSON = new JsonMapper();

	private final String url;

	Ledger(int port) {
		this.url = "jdbc:postgresql://localhost:" + port
				+ "/postgres?user=postgres&connectTimeout=2&socketTimeout=30&loginTimeout=3";
	}

	@FunctionalInterface
	private interface Row<T> {

		T read(ResultSet row) throws SQLException;

	}

	/** Who holds which lease until when, by the database's clock. */
	record Lease(String name, String holder, long remainingMillis) {
	}

	/** How many orders still wait for their end. */
	long open() throws SQLException {
		return query(OPEN, (row) -> row.getLong(1)).getFirst();
	}

	/** Ends most of the connections to the database, the gateway's among them. */
	void cutConnections() throws SQLException {
		query(CUT, (row) -> row.getLong(1));
	}

	List<Lease> leases() throws SQLException {
		return query(
				"select name, holder, (extract(epoch from expires_at - clock_timestamp()) * 1000)::bigint from lease",
				(row) -> new Lease(row.getString(1), row.getString(2), row.getLong(3)));
	}

	/** How many orders were rejected, by the code that callers are told. */
	Map<String, Long> refusals() throws SQLException {
		Map<String, Long> refusals = new TreeMap<>();
		query(REFUSALS, (row) -> refusals.merge(row.getString(1), row.getLong(2), Long::sum));
		return refusals;
	}

	List<Entry> entries() throws SQLException {
		return query(ENTRIES, Ledger::entry);
	}

	List<Step> steps() throws SQLException {
		return query(STEPS,
				(row) -> new Step(row.getLong("position"), row.getString("order_id"), row.getString("caller"),
						(Integer) row.getObject("number"), row.getTimestamp("at").toInstant(), row.getString("state"),
						row.getString("previous_state"), row.getString("reason")));
	}

	private static Entry entry(ResultSet row) throws SQLException {
		String number = row.getString("number");
		boolean gift = number == null;
		String item = gift ? Intent.gifts(Objects.toString(row.getString("card_type")), row.getInt("quantity"))
				: Intent.line(number);
		String candidates = row.getString("candidates");
		List<String> ids = (candidates == null) ? List.of()
				: JSON.readTree(candidates).valueStream().map(JsonNode::asString).toList();
		return new Entry(row.getString("id"), row.getString("caller"), item, row.getString("upstream_ref"),
				row.getString("upstream_id"), row.getString("state"), row.getInt("changes"), row.getBigDecimal("cost"),
				gift, row.getString("flag") != null, ids);
	}

	private <T> List<T> query(String sql, Row<T> reader) throws SQLException {
		try (Connection connection = DriverManager.getConnection(this.url);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			List<T> read = new ArrayList<>();
			while (rows.next()) {
				read.add(reader.read(rows));
			}
			return read;
		}
	}

}
