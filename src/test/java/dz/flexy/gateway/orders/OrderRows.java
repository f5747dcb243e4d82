package dz.flexy.gateway.orders;

import java.time.Instant;
import java.util.Collection;
import java.util.stream.Stream;

import org.springframework.r2dbc.core.DatabaseClient;

import static dz.flexy.gateway.orders.Ledger.LIMIT;

/** Rows of the ledger that nobody accepted, of any age. */
final class OrderRows {

	private static final String INSERT = """
			insert into orders_order (id, account, caller, family, ref, upstream_ref, product, number, value,
			                          send_deadline, state, accepted_at, answer, final_at)
			""";

	private static int made;

	private final DatabaseClient database;

	OrderRows(DatabaseClient database) {
		this.database = database;
	}

	/** Their ids count up over all callers, and every fourth's send was refused. */
	void add(String caller, String family, Collection<Instant> acceptedAt) {
		Instant[] times = acceptedAt.toArray(Instant[]::new);
		String[] ids = ids(acceptedAt.size());
		this.database.sql(INSERT + """
				select id, 'main', :caller, :family, id, id, 'ADSL', '036362608', 1000, at, 'REJECTED', at,
				       case i % 4 when 0 then 'REFUSED' when 1 then 'ACCEPTED' end, at
				from unnest(:ids::text[], :times::timestamptz[]) with ordinality made (id, at, i)""")
			.bind("caller", caller)
			.bind("family", family)
			.bind("ids", ids)
			.bind("times", times)
			.then()
			.block(LIMIT);
	}

	/** One each so many seconds, back from now, of one caller. */
	void addMany(String caller, int count, int secondsApart) {
		this.database
			.sql(INSERT
					+ """
							select lpad(to_hex(i), 24, '0'), 'main', :caller, 'internet', 'many' || i, 'up' || i, 'ADSL', '036362608',
							       1000, now(), 'FULFILLED', now() - i * :apart * interval '1 second', 'ACCEPTED', now()
							from generate_series(1, :count) i""")
			.bind("caller", caller)
			.bind("count", count)
			.bind("apart", secondsApart)
			.then()
			.then(this.database.sql("analyze orders_order").then())
			.block(LIMIT);
	}

	/** In no order, so that those accepted at the same instant are told apart by it. */
	private static synchronized String[] ids(int count) {
		return Stream.generate(() -> "%024x".formatted(Integer.toUnsignedLong(Integer.reverse(++made))))
			.limit(count)
			.toArray(String[]::new);
	}

}
