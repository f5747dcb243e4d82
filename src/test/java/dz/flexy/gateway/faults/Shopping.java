package dz.flexy.gateway.faults;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Callers as the documentation wants them: one who was not answered, or told to come
 * back, orders again under the same ref or key, at any replica; one who has neither does
 * so only if he was told that it is safe. All that they are told is written down.
 */
final class Shopping implements AutoCloseable {

	/** Longer than a send waits for its outcome. */
	private static final Duration LONGEST_ANSWER = Duration.ofSeconds(8);

	private static final Duration LONGEST_TRY = Duration.ofSeconds(120);

	private static final Duration AGAIN = Duration.ofMillis(700);

	private static final int NOTHING = 0;

	private static final int NOT_CONNECTED = -1;

	private static final JsonMapper JSON = new JsonMapper();

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(2))
		.build();

	private final List<URI> replicas;

	private final Queue<Told> told = new ConcurrentLinkedQueue<>();

	Shopping(List<URI> replicas) {
		this.replicas = replicas;
	}

	static String key(String caller) {
		return caller + "-key";
	}

	/**
	 * Orders until there is an answer for good, or patience is over.
	 * @param accepted is told the order's id as soon as it is known
	 */
	void buy(Intent intent, Consumer<String> accepted) {
		long end = System.nanoTime() + LONGEST_TRY.toNanos();
		Reply reply = order(intent);
		for (int i = 1; mayFollow(intent, reply) && System.nanoTime() < end; i++) {
			Patience.pause(reply.pause(i));
			reply = order(intent);
		}
		if (reply.code().equals("DUPLICATED_REF")) {
			reply = ownOrder(intent, end);
		}
		if (!reply.orderId().isEmpty()) {
			accepted.accept(reply.orderId());
		}
	}

	/** Asks after an order now and then until it is final. */
	void follow(Intent intent, String orderId) {
		long end = System.nanoTime() + LONGEST_TRY.toNanos();
		boolean open = true;
		while (open && System.nanoTime() < end) {
			Patience.pause(AGAIN);
			Reply reply = ask(intent, "/orders/" + orderId);
			open = !reply.body().path("data").path("final").asBoolean(false);
			write(intent, reply, "");
		}
	}

	List<Told> told() {
		return List.copyOf(this.told);
	}

	@Override
	public void close() {
		this.http.shutdownNow();
	}

	/** What one request came to. */
	private record Reply(int status, JsonNode body, Duration retryAfter) {

		static Reply none(int status) {
			return new Reply(status, JSON.createObjectNode(), AGAIN);
		}

		String code() {
			return this.body.path("error").path("code").asString("");
		}

		String orderId() {
			JsonNode data = this.body.path("data");
			return data.path("topupId").asString(data.path("orderId").asString(data.path("_id").asString("")));
		}

		boolean isSafe() {
			return this.body.path("error").path("details").path("retrySafe").asBoolean(false);
		}

		boolean isOpen() {
			return this.status == NOTHING || this.status >= 400
					&& this.body.path("error").path("details").path("moneyMayHaveMoved").asBoolean(true);
		}

		/** Longer each time, so that a gateway in distress is not pushed under. */
		Duration pause(int times) {
			Duration longest = Duration.ofSeconds(5);
			Duration asked = this.retryAfter.multipliedBy(times);
			Duration pause = (asked.compareTo(longest) > 0) ? longest : asked;
			return pause.plusMillis(ThreadLocalRandom.current().nextInt(500));
		}

	}

	/** Nothing was asked where there was no connection, so anybody may come again. */
	private static boolean mayFollow(Intent intent, Reply reply) {
		return switch (reply.status()) {
			case NOT_CONNECTED -> true;
			case NOTHING -> intent.mayBeRepeated();
			case 409, 429, 503 -> reply.isSafe();
			case 500, 502, 504 -> intent.mayBeRepeated();
			default -> false;
		};
	}

	private Reply order(Intent intent) {
		HttpRequest.Builder request = request(intent, intent.path()).header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(JSON.writeValueAsString(intent.body())));
		intent.key().ifPresent((key) -> request.header("Idempotency-Key", key));
		if (intent.number() % 3 == 0) {
			request.header("Prefer", "respond-async");
		}
		Reply reply = exchange(request.build());
		write(intent, reply, reply.orderId());
		return reply;
	}

	/** The ref is used, and nobody else uses it: it is his own order that arrived. */
	private Reply ownOrder(Intent intent, long end) {
		String path = intent.path().replaceAll("/[^/]+$", "/check-ref/") + intent.body().get("ref");
		Reply reply = Reply.none(NOTHING);
		while (reply.status() != 200 && System.nanoTime() < end && !path.contains("gift")) {
			reply = ask(intent, path);
			write(intent, reply, reply.orderId());
			if (reply.status() != 200) {
				Patience.pause(reply.pause(1));
			}
		}
		return reply;
	}

	private Reply ask(Intent intent, String path) {
		return exchange(request(intent, path).build());
	}

	private void write(Intent intent, Reply reply, String orderId) {
		boolean duplicated = reply.code().equals("DUPLICATED_REF");
		this.told.add(new Told(intent.number(), reply.status(), reply.code(), orderId, reply.isOpen() || duplicated));
	}

	private HttpRequest.Builder request(Intent intent, String path) {
		URI replica = this.replicas.get(ThreadLocalRandom.current().nextInt(this.replicas.size()));
		return HttpRequest.newBuilder(replica.resolve(path))
			.timeout(LONGEST_ANSWER)
			.header("X-Access-Token", key(intent.caller()));
	}

	private Reply exchange(HttpRequest request) {
		try {
			HttpResponse<String> response = this.http.send(request, BodyHandlers.ofString());
			String body = response.body();
			Duration retryAfter = response.headers()
				.firstValue("Retry-After")
				.map((seconds) -> Duration.ofSeconds(Long.parseLong(seconds)))
				.orElse(AGAIN);
			return new Reply(response.statusCode(), JSON.readTree(body.isEmpty() ? "{}" : body), retryAfter);
		}
		catch (ConnectException | HttpConnectTimeoutException ex) {
			return Reply.none(NOT_CONNECTED);
		}
		catch (IOException ex) {
			return Reply.none(NOTHING);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Reply.none(NOTHING);
		}
	}

}
