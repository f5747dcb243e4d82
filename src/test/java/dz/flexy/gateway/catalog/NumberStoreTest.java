package dz.flexy.gateway.catalog;

import java.time.Duration;
import java.util.Optional;

import dz.flexy.gateway.Database;
import dz.flexy.gateway.upstream.NumberCheck;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.r2dbc.core.DatabaseClient;

import static dz.flexy.gateway.catalog.Samples.KNOWN;
import static dz.flexy.gateway.catalog.Samples.LINE;
import static dz.flexy.gateway.catalog.Samples.NO_SUCH_NUMBER;
import static org.assertj.core.api.Assertions.assertThat;

class NumberStoreTest {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final String NUMBER = "036362608";

	private final DatabaseClient database = Database.fresh().client();

	private final NumberStore store = new NumberStore(this.database, JsonMapper.shared());

	@Test
	void knowsNothingAtFirst() {
		assertThat(find()).isEmpty();
	}

	@Test
	void givesAKnownLineBackWithTheTimeThatIsLeft() {
		remember(Verdict.of(KNOWN));

		Verdict.Known known = (Verdict.Known) find().orElseThrow();

		assertThat(known.check()).isEqualTo(LINE);
		assertThat(known.goodFor()).isBetween(Duration.ofHours(23), Duration.ofHours(24));
	}

	@Test
	void keepsWhatTheUpstreamLeftOutAbsent() {
		remember(new Verdict.Known(new NumberCheck(null, null, "4GLTE"), Duration.ofHours(1)));

		Verdict.Known known = (Verdict.Known) find().orElseThrow();

		assertThat(known.check()).isEqualTo(new NumberCheck(null, null, "4GLTE"));
	}

	@Test
	void tellsARefusalAgainInTheSameWords() {
		Verdict.Refused said = (Verdict.Refused) Verdict.of(NO_SUCH_NUMBER);
		remember(said);

		Verdict.Refused told = (Verdict.Refused) find().orElseThrow();

		assertThat(told.problem().code()).isEqualTo(said.problem().code());
		assertThat(told.problem().status()).isEqualTo(said.problem().status());
		assertThat(told.problem().message()).isEqualTo(said.problem().message());
		assertThat(told.problem().details()).isEqualTo(said.problem().details());
		assertThat(told.goodFor()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
	}

	@Test
	void theLatestVerdictCounts() {
		remember(Verdict.of(NO_SUCH_NUMBER));
		remember(Verdict.of(KNOWN));

		assertThat(find()).containsInstanceOf(Verdict.Known.class);
	}

	@Test
	void typesDoNotShareVerdicts() {
		remember(Verdict.of(KNOWN));

		assertThat(this.store.find("4G", NUMBER).blockOptional(LIMIT)).isEmpty();
	}

	@Test
	void anOutlivedVerdictIsNotTold() {
		remember(new Verdict.Known(LINE, Duration.ofMillis(-1)));

		assertThat(find()).isEmpty();
	}

	@Test
	void eachNewVerdictTakesOutlivedOnesAlong() {
		outlived("031000001");
		outlived("031000002");

		remember(Verdict.of(KNOWN));

		assertThat(rows()).isEqualTo(1);
	}

	@Test
	void anOutlivedVerdictOfTheSameNumberIsReplaced() {
		outlived(NUMBER);

		remember(Verdict.of(KNOWN));

		assertThat(find()).isPresent();
	}

	@Test
	void verdictsAtTheSameTimeDoNotDisturbEachOther() {
		Flux.range(0, 20).flatMap((i) -> outliving("03100000" + i % 10)).blockLast(LIMIT);

		StepVerifier
			.create(Flux.range(0, 20)
				.flatMap((i) -> this.store.remember("ADSL", "03100000" + i % 10, Verdict.of(KNOWN))))
			.expectComplete()
			.verify(LIMIT);
		assertThat(rows()).isEqualTo(10);
	}

	private void remember(Verdict verdict) {
		this.store.remember("ADSL", NUMBER, verdict).block(LIMIT);
	}

	private void outlived(String number) {
		outliving(number).block(LIMIT);
	}

	private Mono<Void> outliving(String number) {
		return this.store.remember("ADSL", number, new Verdict.Known(LINE, Duration.ofSeconds(-1)));
	}

	private Optional<Verdict> find() {
		return this.store.find("ADSL", NUMBER).blockOptional(LIMIT);
	}

	private long rows() {
		return this.database.sql("select count(*) as rows from catalog_number")
			.map((row) -> Optional.ofNullable(row.get("rows", Long.class)).orElseThrow())
			.one()
			.blockOptional(LIMIT)
			.orElseThrow();
	}

}
