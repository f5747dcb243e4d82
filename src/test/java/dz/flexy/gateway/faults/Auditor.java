package dz.flexy.gateway.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Has a replica compare its books with the upstream's, as an operator does. */
final class Auditor {

	static final String NAME = "auditor";

	static final String KEY = NAME + "-key";

	private static final Duration LONGEST = Duration.ofMinutes(5);

	private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

	private static final JsonMapper JSON = new JsonMapper();

	private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI reconciliation;

	Auditor(URI management) {
		this.reconciliation = management.resolve("/operator/reconciliation");
	}

	/**
	 * The breaks that are open after a complete comparison that begins now. A gift card
	 * order of the upstream's that is nobody's here is one of those that are left for a
	 * person.
	 */
	List<String> breaks() {
		long before = newest().path("run").asLong(0);
		call(HttpRequest.newBuilder(this.reconciliation).POST(HttpRequest.BodyPublishers.noBody()));
		boolean done = Patience.await(LONGEST, BETWEEN_LOOKS, () -> newest().path("run").asLong(0) > before
				&& newest().path("state").asString("").equals("COMPLETE"));
		if (!done) {
			throw new IllegalStateException("no comparison was completed: " + report());
		}
		List<String> open = new ArrayList<>();
		report().path("breaks").forEach((found) -> {
			if (!found.path("family").asString("").equals("gift-cards")
					|| !found.path("class").asString("").equals("THEIRS_ONLY")) {
				open.add(found.toString());
			}
		});
		return open;
	}

	private JsonNode newest() {
		return report().path("accounts").path(0).path("runs").path(0);
	}

	private JsonNode report() {
		return call(HttpRequest.newBuilder(this.reconciliation).GET());
	}

	private JsonNode call(HttpRequest.Builder request) {
		try {
			HttpResponse<String> response = this.http.send(
					request.header("X-Access-Token", KEY).timeout(Duration.ofSeconds(10)).build(),
					HttpResponse.BodyHandlers.ofString());
			if (response.statusCode() >= 300) {
				throw new IllegalStateException(response.statusCode() + " " + response.body());
			}
			return JSON.readTree(response.body()).path("data");
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
