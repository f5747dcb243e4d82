package dz.flexy.gateway.reconciliation;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.orders.OrderId;
import dz.flexy.gateway.upstream.Movement;
import dz.flexy.gateway.upstream.Topup;
import dz.flexy.gateway.upstream.TopupStatus;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * What the running comparison has read of the upstream's books. It is kept here and not
 * in memory: a day may have 100,000 orders. Rows that come twice, because pages shifted,
 * are one.
 */
@Component
class BookStore {

	/** A replica that lost its lease adds nothing. */
	private static final String IF_RUNNING = " where exists (select from reconciliation_run where id = :run and state = 'RUNNING') ";

	private static final String ADD_LISTED = """
			insert into reconciliation_listed (run, family, upstream_id, order_id, has_ref, status, value, quantity, charged)
			select :run, :family, r.* from jsonb_to_recordset(:rows::jsonb)
			  as r (id text, order_id text, has_ref boolean, status text, value numeric, quantity int, charged numeric)"""
			+ IF_RUNNING + """
					on conflict (run, family, upstream_id) do update
					set status = excluded.status, charged = excluded.charged""";

	private static final String ADD_MOVED = """
			insert into reconciliation_moved (run, id, family, object, refund, amount)
			select :run, r.* from jsonb_to_recordset(:rows::jsonb)
			  as r (id text, family text, object text, refund boolean, amount numeric)""" + IF_RUNNING
			+ "on conflict do nothing";

	private static final String CHARGES = """
			select object, coalesce(sum(amount) filter (where not refund), 0) as taken,
			       coalesce(sum(amount) filter (where refund), 0) as back,
			       count(*) filter (where not refund) - count(*) filter (where refund) as times
			from reconciliation_moved where run = :run and family = :family and object = any(:objects) group by object""";

	private static final String UNLISTED = """
			select object, coalesce(sum(amount) filter (where not refund), 0) as taken,
			       coalesce(sum(amount) filter (where refund), 0) as back,
			       count(*) filter (where not refund) - count(*) filter (where refund) as times
			from reconciliation_moved moved
			where run = :run and family = :family and object > :after
			  and not exists (select from reconciliation_listed listed where listed.run = moved.run
			                  and listed.family = moved.family and listed.upstream_id = moved.object)
			group by object having not bool_and(refund) order by object limit :limit""";

	/** A million rows. */
	private static final Duration LONGEST_CLEARING = Duration.ofMinutes(5);

	/** A connection may die without a word. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final DatabaseClient database;

	private final JsonMapper json;

	BookStore(DatabaseClient database, JsonMapper json) {
		this.database = database;
		this.json = json;
	}

	Mono<Long> addListed(Run run, Family family, List<Topup> topups) {
		List<Map<String, @Nullable Object>> rows = new ArrayList<>();
		for (Topup topup : topups) {
			Theirs theirs = Theirs.of(topup);
			Map<String, @Nullable Object> row = new LinkedHashMap<>();
			row.put("id", topup.id());
			row.put("order_id", OrderId.ofUpstreamRef(topup.ref()).map(OrderId::value).orElse(null));
			row.put("has_ref", !topup.ref().isEmpty());
			row.put("status", theirs.status().name());
			row.put("value", theirs.value());
			row.put("quantity", theirs.quantity());
			row.put("charged", theirs.charged());
			rows.add(row);
		}
		return this.database.sql(ADD_LISTED)
			.bind("run", run.id())
			.bind("family", family.label())
			.bind("rows", this.json.writeValueAsString(distinct(rows)))
			.fetch()
			.rowsUpdated()
			.timeout(PATIENCE);
	}

	/** Each with an id and an object. */
	Mono<Long> addMoved(Run run, List<Movement> movements) {
		List<Map<String, @Nullable Object>> rows = new ArrayList<>();
		for (Movement movement : movements) {
			Map<String, @Nullable Object> row = new LinkedHashMap<>();
			row.put("id", movement.id());
			row.put("family", movement.family().orElseThrow().label());
			row.put("object", movement.object());
			row.put("refund", movement.kind() == Movement.Kind.REFUND);
			row.put("amount", movement.amount());
			rows.add(row);
		}
		return this.database.sql(ADD_MOVED)
			.bind("run", run.id())
			.bind("rows", this.json.writeValueAsString(rows))
			.fetch()
			.rowsUpdated()
			.timeout(PATIENCE);
	}

	/** Rows of the upstream's ids, or of our references. */
	Flux<Listed> listed(Run run, Family family, Collection<OrderId> orders, Collection<String> upstreamIds) {
		return this.database
			.sql("""
					select * from reconciliation_listed where run = :run and family = :family and upstream_id = any(:ids)
					union
					select * from reconciliation_listed where run = :run and family = :family and order_id = any(:orders)""")
			.bind("run", run.id())
			.bind("family", family.label())
			.bind("ids", upstreamIds.toArray(String[]::new))
			.bind("orders", orders.stream().map(OrderId::value).toArray(String[]::new))
			.map(BookStore::row)
			.all()
			.timeout(PATIENCE);
	}

	Mono<Long> match(Run run, Family family, Collection<String> upstreamIds) {
		return upstreamIds.isEmpty() ? Mono.empty()
				: this.database.sql("""
						update reconciliation_listed set matched = true
						where run = :run and family = :family and upstream_id = any(:ids)""")
					.bind("run", run.id())
					.bind("family", family.label())
					.bind("ids", upstreamIds.toArray(String[]::new))
					.fetch()
					.rowsUpdated()
					.timeout(PATIENCE);
	}

	/** Rows that no order was compared with, by the upstream's id. */
	Flux<Listed> unmatched(Run run, Family family, String after, int limit) {
		return this.database.sql("""
				select * from reconciliation_listed
				where run = :run and family = :family and upstream_id > :after and not matched
				order by upstream_id limit :limit""")
			.bind("run", run.id())
			.bind("family", family.label())
			.bind("after", after)
			.bind("limit", limit)
			.map(BookStore::row)
			.all()
			.timeout(PATIENCE);
	}

	/** By the upstream's id; without those of which the ledger says nothing. */
	Mono<Map<String, Charge>> charges(Run run, Family family, Collection<String> objects) {
		return objects.isEmpty() ? Mono.just(Map.of())
				: this.database.sql(CHARGES)
					.bind("run", run.id())
					.bind("family", family.label())
					.bind("objects", objects.toArray(String[]::new))
					.map(BookStore::charged)
					.all()
					.timeout(PATIENCE)
					.collectMap(Charged::object, Charged::charge);
	}

	/** What was charged and is in no list, by what it was for. */
	Flux<Charged> unlisted(Run run, Family family, String after, int limit) {
		return this.database.sql(UNLISTED)
			.bind("run", run.id())
			.bind("family", family.label())
			.bind("after", after)
			.bind("limit", limit)
			.map(BookStore::charged)
			.all()
			.timeout(PATIENCE);
	}

	/** Forgets what any comparison of the account has read. */
	Mono<Void> clear(AccountId account) {
		return Flux.just("reconciliation_listed", "reconciliation_moved")
			.concatMap((table) -> this.database
				.sql("delete from " + table
						+ " where run in (select id from reconciliation_run where account = :account)")
				.bind("account", account.value())
				.fetch()
				.rowsUpdated()
				.timeout(LONGEST_CLEARING))
			.then();
	}

	/** One statement cannot change a row twice. */
	private static Collection<Map<String, @Nullable Object>> distinct(List<Map<String, @Nullable Object>> rows) {
		Map<@Nullable Object, Map<String, @Nullable Object>> distinct = new LinkedHashMap<>();
		rows.forEach((row) -> distinct.put(row.get("id"), row));
		return distinct.values();
	}

	private static Listed row(Readable row) {
		Theirs theirs = new Theirs(TopupStatus.valueOf(requireNonNull(row.get("status", String.class))),
				row.get("value", BigDecimal.class), row.get("quantity", Integer.class),
				row.get("charged", BigDecimal.class));
		return new Listed(Family.ofLabel(requireNonNull(row.get("family", String.class))),
				requireNonNull(row.get("upstream_id", String.class)),
				Optional.ofNullable(row.get("order_id", String.class)).flatMap(OrderId::parse),
				Boolean.TRUE.equals(row.get("has_ref", Boolean.class)), theirs);
	}

	private static Charged charged(Readable row) {
		return new Charged(requireNonNull(row.get("object", String.class)),
				new Charge(requireNonNull(row.get("taken", BigDecimal.class)),
						requireNonNull(row.get("back", BigDecimal.class))),
				requireNonNull(row.get("times", Long.class)));
	}

	/**
	 * What the ledger says of one thing.
	 *
	 * @param object the upstream's id
	 * @param charge in the time compared
	 * @param times how often it was charged and not paid back
	 */
	record Charged(String object, Charge charge, long times) {
	}

}
