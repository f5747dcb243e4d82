package dz.flexy.gateway.stream;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import dz.flexy.gateway.callers.CallerId;
import dz.flexy.gateway.callers.Network;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

/** The streams that are open on this replica, and whether one more may be. */
@Component
public class OpenStreams {

	/** Others end by themselves meanwhile, or do not. */
	private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

	/**
	 * A page of an order has one and the board two; whoever was handed a link must not
	 * take those of the shop.
	 */
	private static final int PER_SESSION = 20;

	private final AtomicInteger all = new AtomicInteger();

	private final Map<CallerId, Integer> callers = new ConcurrentHashMap<>();

	private final Map<Network, Integer> addresses = new ConcurrentHashMap<>();

	private final Map<String, Integer> sessions = new ConcurrentHashMap<>();

	private final StreamProperties properties;

	private final Counter refusedCallers;

	private final Counter refusedAddresses;

	private final Counter refusedSessions;

	OpenStreams(StreamProperties properties, MeterRegistry meters) {
		this.properties = properties;
		this.refusedCallers = StreamMeter.REFUSED.counter(meters, "limit", "caller");
		this.refusedAddresses = StreamMeter.REFUSED.counter(meters, "limit", "address");
		this.refusedSessions = StreamMeter.REFUSED.counter(meters, "limit", "session");
		StreamMeter.OPEN.gauge(meters, this, OpenStreams::count);
	}

	/**
	 * How many streams are open.
	 * @return on this replica, at this moment
	 */
	public int count() {
		return this.all.get();
	}

	/**
	 * Counts a stream that opens; each must be left again, once.
	 * @param session of a browser, empty for a key
	 * @throws Problem 429 {@code RATE_LIMIT_EXCEEDED} if the session, the caller or the
	 * address has as many as it may
	 */
	Visitor enter(CallerId caller, Network address, Optional<String> session) {
		if (session.isPresent() && isOver(this.sessions, session.get(), PER_SESSION)) {
			this.refusedSessions.increment();
			throw tooMany("this browser", PER_SESSION);
		}
		try {
			enter(caller, address);
		}
		catch (Problem tooMany) {
			session.ifPresent((one) -> leave(this.sessions, one));
			throw tooMany;
		}
		this.all.incrementAndGet();
		return new Visitor(caller, address, session);
	}

	private void enter(CallerId caller, Network address) {
		if (isOver(this.callers, caller, this.properties.perCaller())) {
			this.refusedCallers.increment();
			throw tooMany("this caller", this.properties.perCaller());
		}
		if (isOver(this.addresses, address, this.properties.perAddress())) {
			leave(this.callers, caller);
			this.refusedAddresses.increment();
			throw tooMany("this address", this.properties.perAddress());
		}
	}

	void leave(Visitor visitor) {
		this.all.decrementAndGet();
		leave(this.callers, visitor.caller());
		leave(this.addresses, visitor.address());
		visitor.session().ifPresent((session) -> leave(this.sessions, session));
	}

	/** Counted, unless it is over. */
	private static <T> boolean isOver(Map<T, Integer> counts, T who, int limit) {
		if (counts.merge(who, 1, Integer::sum) <= limit) {
			return false;
		}
		leave(counts, who);
		return true;
	}

	private static <T> void leave(Map<T, Integer> counts, T who) {
		counts.computeIfPresent(who, (same, count) -> (count > 1) ? count - 1 : null);
	}

	private static Problem tooMany(String who, int limit) {
		return Problem.of(ErrorCode.RATE_LIMIT_EXCEEDED, who + " has " + limit + " streams open on this replica")
			.money(false, true)
			.retryAfter(RETRY_AFTER);
	}

	/**
	 * Whose stream it is.
	 *
	 * @param caller who reads it
	 * @param address from where
	 * @param session of a browser, empty for a key
	 */
	record Visitor(CallerId caller, Network address, Optional<String> session) {
	}

}
