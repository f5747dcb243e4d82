package dz.flexy.gateway.catalog;

import java.time.Duration;
import java.util.Map;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.NumberCheck;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import static java.util.Objects.requireNonNull;

/**
 * Table {@code catalog_number}, by the database's clock. Each new verdict takes a few
 * outlived ones with it, so that no number is kept much longer than it is good for.
 */
@Component
class NumberStore implements NumberMemory {

	private static final String FIND = """
			select ncli, offre, told_type, status, message, details,
			  (extract(epoch from good_until - now()) * 1000)::bigint as good_for_millis
			from catalog_number where type = :type and number = :number and good_until > now()""";

	private static final String REMEMBER = """
			with outlived as (
			  delete from catalog_number where (type, number) in (
			    select type, number from catalog_number
			    where good_until < now() and (type, number) <> (:type, :number)
			    order by good_until limit 10 for update skip locked))
			insert into catalog_number (type, number, ncli, offre, told_type, status, message, details, good_until)
			values (:type, :number, :ncli, :offre, :toldType, :status, :message, :details,
			  now() + :goodForMillis * interval '1 millisecond')
			on conflict (type, number) do update set
			  ncli = excluded.ncli, offre = excluded.offre, told_type = excluded.told_type,
			  status = excluded.status, message = excluded.message, details = excluded.details,
			  good_until = excluded.good_until""";

	private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {
	};

	private final DatabaseClient database;

	private final JsonMapper json;

	/** Made here, so that no event loop waits while Jackson prepares the type. */
	private final ObjectReader map;

	NumberStore(DatabaseClient database, JsonMapper json) {
		this.database = database;
		this.json = json;
		this.map = json.readerFor(MAP);
	}

	@Override
	public Mono<Verdict> find(String type, String number) {
		return this.database.sql(FIND).bind("type", type).bind("number", number).map(this::verdict).one();
	}

	@Override
	public Mono<Void> remember(String type, String number, Verdict verdict) {
		NumberCheck check = (verdict instanceof Verdict.Known known) ? known.check() : null;
		Problem problem = (verdict instanceof Verdict.Refused refused) ? refused.problem() : null;
		return this.database.sql(REMEMBER)
			.bind("type", type)
			.bind("number", number)
			.bind("ncli", text((check != null) ? check.ncli() : null))
			.bind("offre", text((check != null) ? check.offre() : null))
			.bind("toldType", text((check != null) ? check.type() : null))
			.bind("status", Parameters.in(R2dbcType.INTEGER, (problem != null) ? problem.status() : null))
			.bind("message", text((problem != null) ? problem.message() : null))
			.bind("details", text((problem != null) ? this.json.writeValueAsString(problem.details()) : null))
			.bind("goodForMillis", verdict.goodFor().toMillis())
			.fetch()
			.rowsUpdated()
			.then();
	}

	private static io.r2dbc.spi.Parameter text(@Nullable String value) {
		return Parameters.in(R2dbcType.VARCHAR, value);
	}

	private Verdict verdict(Readable row) {
		Duration goodFor = Duration.ofMillis(requireNonNull(row.get("good_for_millis", Long.class)));
		return (row.get("status") != null) ? new Verdict.Refused(problem(row), goodFor)
				: new Verdict.Known(new NumberCheck(row.get("ncli", String.class), row.get("offre", String.class),
						row.get("told_type", String.class)), goodFor);
	}

	private Problem problem(Readable row) {
		Problem problem = Problem.of(ErrorCode.ERR_PHONE.name(), requireNonNull(row.get("status", Integer.class)),
				requireNonNull(row.get("message", String.class)));
		Map<String, Object> details = this.map.readValue(requireNonNull(row.get("details", String.class)));
		for (Map.Entry<String, Object> detail : details.entrySet()) {
			problem = problem.detail(detail.getKey(), detail.getValue());
		}
		return problem;
	}

}
