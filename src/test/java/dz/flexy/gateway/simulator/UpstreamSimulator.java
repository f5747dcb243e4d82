package dz.flexy.gateway.simulator;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upstream, played on a port of this machine. It accepts orders, settles them by the
 * number's last two digits, keeps the books, and fails when told to. The books are the
 * judge of a test: they say what was bought whatever the client was told.
 * <p>
 * Thread-safe. Time comes from the clock it was built with; only delayed, slow and hung
 * answers wait in real time.
 */
public final class UpstreamSimulator implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(UpstreamSimulator.class);

	private final Clock clock;

	private final Keys keys;

	private final FrontDesk desk;

	private final Listener listener;

	UpstreamSimulator(SimulatorSettings settings) {
		this.clock = settings.clock();
		Ids ids = new Ids(System.nanoTime());
		this.keys = new Keys(settings, ids);
		LockOut lockOut = new LockOut(settings.lockOutAttempts(), settings.lockOutDuration());
		this.desk = new FrontDesk(this.clock, ids, this.keys, new Application(this.keys, lockOut), routes(ids));
		this.listener = new Listener(settings.port(), new ControlDesk(this.desk, this.keys, this.clock));
		this.listener.open();
		logger.info("{}", describe());
	}

	public static SimulatorBuilder builder() {
		return new SimulatorBuilder();
	}

	/** Starts with the defaults on any port. */
	public static UpstreamSimulator start() {
		return builder().start();
	}

	/** Scheme, host and port; the paths then start with {@code /v3}. */
	public URI baseUrl() {
		return URI.create("http://127.0.0.1:" + port());
	}

	public int port() {
		return this.listener.port();
	}

	/** The account behind that key. */
	public SimulatedAccount account(String apiKey) {
		AccessKey key = this.keys.find(apiKey).orElseThrow(() -> new NoSuchElementException("No such key"));
		return new SimulatedAccount(key, this.clock);
	}

	public Faults faults() {
		return this.desk.faults();
	}

	public Drift drift() {
		return this.desk.drift();
	}

	public RequestLog requests() {
		return this.desk.log();
	}

	/** Closes the port and cuts every connection, or opens the same port again. */
	public void refuseConnections(boolean refuse) {
		if (refuse) {
			this.listener.shut();
		}
		else {
			this.listener.open();
		}
	}

	/** Where it listens and what numbers and gift card types do, as Markdown. */
	public String describe() {
		return "Upstream simulator at " + baseUrl() + "\n\n" + SuffixOutcome.table() + "\n" + GiftOutcome.table();
	}

	/** Closes the port and cuts every connection, for good. */
	@Override
	public void close() {
		this.listener.close();
	}

	private static List<Route> routes(Ids ids) {
		return Stream
			.of(CoreRoutes.all(), AccountRoutes.all(), new InternetRoutes(ids).all(), MobileRoutes.all(),
					GiftRoutes.all(), PaymentRoutes.all(), BillRoutes.all())
			.flatMap(List::stream)
			.toList();
	}

}
