package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * Every request that reached the simulator, limited and lost ones included, in order of
 * arrival; of a long run only the latest, so that memory does not grow with it. The
 * control surface is not logged. Thread-safe.
 */
public final class RequestLog {

	private record Waiter(Predicate<ReceivedRequest> match, Sinks.One<ReceivedRequest> sink) {
	}

	/** More than half a day of calls at the documented limit, some 50 MB. */
	private static final int LATEST = 100_000;

	private final int latest;

	private final List<ReceivedRequest> requests = new ArrayList<>();

	/** Position of the first one kept. */
	private int forgotten;

	private final Map<Integer, Long> statuses = new TreeMap<>();

	private final List<Waiter> waiters = new ArrayList<>();

	RequestLog() {
		this(LATEST);
	}

	/** Keeps at least so many and at most twice as many. */
	RequestLog(int latest) {
		this.latest = latest;
	}

	public synchronized List<ReceivedRequest> all() {
		return List.copyOf(this.requests);
	}

	public List<ReceivedRequest> where(Predicate<ReceivedRequest> match) {
		return all().stream().filter(match).toList();
	}

	public long count(Predicate<ReceivedRequest> match) {
		return all().stream().filter(match).count();
	}

	public List<ReceivedRequest> sends() {
		return where(RequestMatch.onSend());
	}

	/** Reads of orders: check-id, check-ref, checkOrder and list. */
	public List<ReceivedRequest> lookups() {
		return where(RequestMatch.onLookup());
	}

	/** Requests per route template. */
	public Map<String, Integer> perRoute() {
		Map<String, Integer> counts = new TreeMap<>();
		all().forEach((request) -> counts.merge(request.method() + " " + request.template(), 1, Integer::sum));
		return counts;
	}

	/** Answers per status since the start, forgotten requests included. */
	synchronized Map<Integer, Long> perStatus() {
		return new TreeMap<>(this.statuses);
	}

	/**
	 * Emits the first matching request, past or future, once its answer is decided.
	 */
	public synchronized Mono<ReceivedRequest> first(Predicate<ReceivedRequest> match) {
		Predicate<ReceivedRequest> answered = match.and((request) -> request.status() != ReceivedRequest.UNANSWERED);
		Optional<ReceivedRequest> past = this.requests.stream().filter(answered).findFirst();
		if (past.isPresent()) {
			return Mono.just(past.get());
		}
		Waiter waiter = new Waiter(answered, Sinks.one());
		this.waiters.add(waiter);
		return waiter.sink().asMono();
	}

	public synchronized void clear() {
		this.requests.clear();
		this.forgotten = 0;
	}

	synchronized ReceivedRequest received(Call call, Optional<Routed> routed, Instant now) {
		JsonNode body = Json.read(call.body());
		Map<String, String> values = routed.map(Routed::values).orElse(Map.of());
		ReceivedRequest request = new ReceivedRequest(this.forgotten + this.requests.size(), now, call.method(),
				call.path(), routed.map((found) -> found.route().template()).orElse("unknown"), call.query(),
				call.body(), Optional.ofNullable(call.key()).orElse(""),
				values.getOrDefault("ref", body.path("ref").asString("")), id(values), number(call, body),
				ReceivedRequest.UNANSWERED);
		forgetOldest();
		this.requests.add(request);
		return request;
	}

	synchronized void answered(ReceivedRequest request, int status) {
		ReceivedRequest answered = request.answered(status);
		this.statuses.merge(status, 1L, Long::sum);
		int index = request.position() - this.forgotten;
		if (index >= 0 && index < this.requests.size() && this.requests.get(index) == request) {
			this.requests.set(index, answered);
		}
		this.waiters.removeIf((waiter) -> tell(waiter, answered));
	}

	private static String id(Map<String, String> values) {
		return Stream.of("id", "orderId", "transactionId", "productId")
			.map((name) -> values.getOrDefault(name, ""))
			.filter((value) -> !value.isEmpty())
			.findFirst()
			.orElse("");
	}

	/** Many at once: one by one would move all the others each time. */
	private void forgetOldest() {
		if (this.requests.size() == 2 * this.latest) {
			this.requests.subList(0, this.latest).clear();
			this.forgotten += this.latest;
		}
	}

	private static boolean tell(Waiter waiter, ReceivedRequest request) {
		boolean wanted = waiter.match().test(request);
		if (wanted) {
			waiter.sink().tryEmitValue(request);
		}
		return wanted;
	}

	private static String number(Call call, JsonNode body) {
		String sent = body.path("number").asString(body.path("MSSIDN").asString(""));
		return sent.isEmpty() ? call.query().getOrDefault("number", "") : sent;
	}

}
