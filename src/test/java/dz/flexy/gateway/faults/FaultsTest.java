package dz.flexy.gateway.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dz.flexy.gateway.Figures;
import dz.flexy.gateway.faults.Finding.Kind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Three processes of the jar, a PostgreSQL, a simulated upstream and many callers; all of
 * them are broken while orders flow in, as {@link Havoc} says. When all has come to rest,
 * the {@link Checker} compares what each of them says.
 * <p>
 * {@code -Dfaults=long} makes it ten thousand orders and fifty kills,
 * {@code -Dfaults.seed} repeats a plan, {@code -Dfaults.load} (seconds) gives the machine
 * more time.
 */
@Isolated("needs the whole machine")
@Tag("jar")
@TestInstance(Lifecycle.PER_CLASS)
class FaultsTest {

	private static final Logger log = LoggerFactory.getLogger(FaultsTest.class);

	private static final Path JAR = Path.of("target", "flexy-gateway.jar");

	private static final Path TABLE = Path.of("target", "faults.md");

	/** The processes' logs, kept for whoever has to find out what happened. */
	private static final Path LOGS = Path.of("target", "faults");

	private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

	private static final int AT_ONCE = 32;

	/**
	 * What is younger than 8 s is not compared, nor what ended in the 8 s before that.
	 */
	private static final Duration SETTLED = Duration.ofSeconds(17);

	/** Readers have seen all by then. */
	private static final Duration LAST_EVENTS = Duration.ofSeconds(90);

	private final Scale scale = Scale.chosen();

	private final long seed = Long.getLong("faults.seed", ThreadLocalRandom.current().nextInt(1_000_000));

	private final AtomicBoolean closing = new AtomicBoolean();

	private final Queue<StreamReader> orderReaders = new ConcurrentLinkedQueue<>();

	private final Figures figures = new Figures(
			"Faults: %d orders, %d kills".formatted(this.scale.orders(), this.scale.kills()));

	@AutoClose
	private Estate estate;

	@AutoClose
	private Shopping shopping;

	private History history;

	private List<Finding> findings = List.of();

	private Map<String, Integer> deeds = Map.of();

	private List<String> breaks = List.of();

	private long lost;

	@BeforeAll
	void run() throws IOException, SQLException {
		Assumptions.assumeTrue(Files.exists(JAR), JAR + " is not there: mvn package makes it");
		Instant begun = Instant.now();
		FileSystemUtils.deleteRecursively(LOGS);
		Path directory = Files.createDirectories(LOGS.toAbsolutePath());
		log.info("seed {}", this.seed);
		this.estate = new Estate(JAR, directory);
		this.estate.start();
		this.shopping = new Shopping(this.estate.uris());
		List<Intent> intents = Wishes.draw(this.scale.orders(), this.seed);
		List<StreamReader> callerReaders = Wishes.CALLERS.stream()
			.map((caller) -> reader(caller, "/orders/events", caller))
			.toList();
		TakeOver takeOver = new TakeOver(this.estate.ledger(), this.closing);
		List<Thread> watching = Stream.concat(callerReaders.stream(), Stream.of(takeOver))
			.map(Thread::startVirtualThread)
			.toList();
		Havoc havoc = new Havoc(this.estate, this.scale, this.seed);
		havoc.playFaults((int) this.seed);
		Instant loaded = Instant.now();
		Thread wreaking = Thread.startVirtualThread(havoc::wreak);
		place(intents);
		Estate.join(wreaking);
		Duration loading = Duration.between(loaded, Instant.now());
		long played = this.estate.upstream().hits("limited");
		this.lost = this.estate.upstream()
			.hits("answerLost", "resetAfterCommit", "bodyCutShort", "truncatedJson", "hangAfterCommit");
		long errors = this.estate.upstream().hits("errorBeforeCommit", "errorAfterCommit");
		this.estate.upstream().clearFaults();
		Estate.inParallel(this.estate.replicas().stream().<Runnable>map((replica) -> replica::start).toList());
		Instant healed = Instant.now();
		Patience.await(this.scale.settling(), BETWEEN_LOOKS, this::isSettled);
		Duration settling = Duration.between(healed, Instant.now());
		Patience.await(LAST_EVENTS, BETWEEN_LOOKS, () -> haveSeenAll(callerReaders));
		this.closing.set(true);
		watching.forEach(Estate::join);
		this.history = new History(intents, this.shopping.told(), this.estate.upstream().purchases(),
				this.estate.ledger().entries(), this.estate.ledger().steps(),
				this.orderReaders.stream().map(StreamReader::seen).toList(),
				callerReaders.stream().map(StreamReader::seen).toList());
		this.findings = Checker.check(this.history);
		this.deeds = havoc.counts();
		Patience.pause(SETTLED);
		this.breaks = new Auditor(this.estate.replicas().getFirst().managementUri()).breaks();
		tell(havoc, takeOver);
		this.figures.add("answers lost, 500s played; of sends", this.lost + ", " + errors + "; "
				+ this.history.steps().stream().filter((step) -> step.state().equals("SENDING")).count());
		this.figures.add("429 by the limit, played; of calls",
				this.estate.upstream().overLimit() + ", " + played + "; " + this.estate.upstream().calls());
		this.figures.add("load, then settling, then all in all",
				Stream.of(loading, settling, Duration.between(begun, Instant.now()))
					.map(Figures::seconds)
					.collect(Collectors.joining(", ")));
		this.figures.add("seed", this.seed);
	}

	@AfterAll
	void print() throws IOException {
		this.figures.print();
		Files.writeString(TABLE, this.figures.table());
	}

	@ParameterizedTest
	@EnumSource
	void findsNo(Kind kind) {
		assertThat(of(kind)).isEmpty();
	}

	/** The gateway's own comparison of its books with the upstream's. */
	@Test
	void reconcilesWithoutABreak() {
		assertThat(this.breaks).isEmpty();
	}

	/** A run in which nothing broke would prove nothing. */
	@Test
	void brokeWhatItMeantToBreak() {
		assertThat(this.deeds).containsEntry("kill -9", this.scale.kills())
			.containsEntry("killed", this.scale.kills())
			.containsEntry("replica frozen", this.scale.freezes())
			.containsEntry("line silent", this.scale.silences());
		assertThat(this.deeds.entrySet()
			.stream()
			.filter((deed) -> deed.getKey().startsWith("database") && deed.getKey().endsWith("and started"))
			.mapToInt(Map.Entry::getValue)
			.sum()).isEqualTo(this.scale.restarts());
		assertThat(this.lost).isPositive();
		assertThat(this.history.entries()).hasSizeGreaterThan(this.scale.orders() * 8 / 10);
		assertThat(this.history.purchases()).hasSizeGreaterThan(this.scale.orders() * 7 / 10);
	}

	/**
	 * Each begins at its time and takes as long as it takes; but so many at once at most,
	 * as a caller's own pool would have it, so that a slow machine is not overrun.
	 */
	private void place(List<Intent> intents) {
		long start = System.nanoTime();
		Duration between = this.scale.load().dividedBy(intents.size());
		List<Thread> callers = new ArrayList<>();
		Semaphore places = new Semaphore(AT_ONCE);
		for (int i = 0; i < intents.size(); i++) {
			Duration left = between.multipliedBy(i).minusNanos(System.nanoTime() - start);
			if (left.isPositive()) {
				Patience.pause(left);
			}
			Intent intent = intents.get(i);
			places.acquireUninterruptibly();
			callers.add(Thread.startVirtualThread(() -> {
				this.shopping.buy(intent, (id) -> watch(intent, id));
				places.release();
			}));
		}
		callers.forEach(Estate::join);
	}

	/** Some look at their order now and then, some read its stream, most do neither. */
	private void watch(Intent intent, String id) {
		if (intent.number() % 10 == 0) {
			StreamReader reader = reader(intent.caller(), "/orders/" + id + "/events", id);
			this.orderReaders.add(reader);
			Thread.startVirtualThread(reader);
		}
		else if (intent.number() % 10 == 1) {
			Thread.startVirtualThread(() -> this.shopping.follow(intent, id));
		}
	}

	private StreamReader reader(String caller, String path, String subject) {
		return new StreamReader(this.estate.uris(), caller, path, subject, this.closing);
	}

	private boolean isSettled() {
		try {
			return this.estate.ledger().open() == 0;
		}
		catch (SQLException away) {
			return false;
		}
	}

	private boolean haveSeenAll(List<StreamReader> callerReaders) {
		try {
			Map<String, Long> events = this.estate.ledger()
				.steps()
				.stream()
				.filter((step) -> step.number() != null)
				.collect(Collectors.groupingBy(Step::caller, Collectors.counting()));
			return callerReaders.stream()
				.map(StreamReader::seen)
				.allMatch((seen) -> seen.ids().size() >= events.getOrDefault(seen.subject(), 0L))
					&& this.orderReaders.stream()
						.map(StreamReader::seen)
						.filter((seen) -> !seen.ended())
						.count() <= leftForOperator();
		}
		catch (SQLException away) {
			return false;
		}
	}

	private long leftForOperator() throws SQLException {
		return this.estate.ledger().entries().stream().filter(Entry::isLeftForOperator).count();
	}

	private void tell(Havoc havoc, TakeOver takeOver) throws SQLException {
		List<Entry> entries = this.history.entries();
		List<Duration> unclear = Ambiguity.of(this.history);
		List<Instant> deaths = havoc.done()
			.stream()
			.filter((deed) -> deed.what().equals("killed"))
			.map(Havoc.Done::from)
			.toList();
		this.figures.add("orders wanted, in the ledger", this.history.intents().size() + ", " + entries.size());
		this.figures.add("requests that callers made to order or look", this.history.told().size());
		this.figures.add("purchases", this.history.purchases().size());
		this.figures.add("duplicate purchases", of(Kind.DUPLICATE).size());
		this.figures.add("lost orders", of(Kind.LOST).size());
		this.figures.add("orders whose state or price differs from the upstream's", of(Kind.DIFFERS).size());
		this.figures.add("event gaps", of(Kind.GAP).size());
		this.figures.add("breaks that reconciliation finds", this.breaks.size());
		this.figures.add("states at the end",
				entries.stream().collect(Collectors.groupingBy(Entry::state, TreeMap::new, Collectors.counting())));
		this.figures.add("rejected, by code", this.estate.ledger().refusals());
		this.figures.add("ambiguous orders (SEND_UNKNOWN), for how long: p50, p99, longest",
				unclear.size() + ", " + spread(unclear));
		this.figures.add("left for the operator, gift cards; others",
				entries.stream().filter(Entry::isLeftForOperator).count() + " of "
						+ entries.stream().filter(Entry::gift).count() + "; "
						+ entries.stream().filter((entry) -> !entry.gift() && !entry.isFinal()).count());
		List<Duration> orphaned = Ambiguity.orphaned(this.history);
		this.figures.add("sends broken off by a death, until another replica saw it: p50, p99, longest",
				orphaned.size() + ", " + spread(orphaned));
		List<Duration> taken = takeOver.after(deaths);
		this.figures.add("kills of the sweeping replica, until another one swept: p50, p99, longest",
				taken.size() + ", " + spread(taken));
		this.figures.add("kills", deaths.size());
		havoc.counts()
			.entrySet()
			.stream()
			.filter((deed) -> !deed.getKey().startsWith("kill"))
			.sorted(Map.Entry.comparingByKey(Comparator.reverseOrder()))
			.forEach((deed) -> this.figures.add(deed.getKey(), deed.getValue()));
		this.figures.add("database's disk can be filled, a replica's clock set " + Replica.SKEW,
				this.estate.disk().canBeFull() + ", " + Replica.fakeClock().isPresent());
		this.figures.add("streams read, connections that took",
				readers().count() + ", " + readers().mapToInt(Seen::connections).sum());
		this.figures.add("events on streams", readers().mapToInt((seen) -> seen.ids().size()).sum());
		IntStream.range(0, Math.min(20, this.findings.size())).forEach((i) -> log.error("{}", this.findings.get(i)));
	}

	private Stream<Seen> readers() {
		return Stream.concat(this.history.orderStreams().stream(), this.history.callerStreams().stream());
	}

	private List<Finding> of(Kind kind) {
		return this.findings.stream().filter((finding) -> finding.kind() == kind).toList();
	}

	private static String spread(List<Duration> durations) {
		return durations.isEmpty() ? "-"
				: Stream.of(0.5, 0.99, 1.0)
					.map((part) -> Figures.seconds(Figures.quantile(durations, part)))
					.collect(Collectors.joining(", "));
	}

}
