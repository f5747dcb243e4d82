package dz.flexy.gateway.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import tools.jackson.databind.JsonNode;

/**
 * A plain client for the simulator's own tests: blocking, one request at a time.
 */
final class SimulatorClient {

	static final String KEY = "sim-key-1";

	static final String ADSL = "{\"type\":\"ADSL\",\"number\":\"%s\",\"value\":1000,\"ref\":\"%s\"}";

	static final String MOBILE = "{\"plan_code\":\"PREPAID_DJEZZY\",\"MSSIDN\":\"%s\",\"amount\":500,\"ref\":\"%s\"}";

	private final HttpClient http;

	private final URI base;

	private final String key;

	private final Duration patience;

	SimulatorClient(UpstreamSimulator simulator) {
		this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), simulator.baseUrl(), KEY,
				Duration.ofSeconds(20));
	}

	private SimulatorClient(HttpClient http, URI base, String key, Duration patience) {
		this.http = http;
		this.base = base;
		this.key = key;
		this.patience = patience;
	}

	record Response(int status, HttpResponse<String> raw) {

		JsonNode json() {
			return Json.read(this.raw.body());
		}

		JsonNode data() {
			return json().path("data");
		}

		String code() {
			return json().path("error").path("code").asString("");
		}

		String header(String name) {
			return this.raw.headers().firstValue(name).orElse("");
		}

	}

	/** The same client with another key; an empty one sends none. */
	SimulatorClient as(String other) {
		return new SimulatorClient(this.http, this.base, other, this.patience);
	}

	/** The same client, giving up on an answer after that time. */
	SimulatorClient patient(Duration time) {
		return new SimulatorClient(this.http, this.base, this.key, time);
	}

	Response get(String path) throws IOException {
		return exchange(request(path).GET().build());
	}

	Response post(String path, String body) throws IOException {
		return exchange(request(path).header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build());
	}

	Response delete(String path) throws IOException {
		return exchange(request(path).DELETE().build());
	}

	/** Orders 1000 DZD for an ADSL line. */
	Response send(String number, String ref) throws IOException {
		return post("/v3/internet/send", ADSL.formatted(number, ref));
	}

	Response sendMobile(String number, String ref) throws IOException {
		return post("/v3/mobile/send", MOBILE.formatted(number, ref));
	}

	String status(String ref) throws IOException {
		return get("/v3/internet/check-ref/" + ref).data().path("status").asString("");
	}

	private HttpRequest.Builder request(String path) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.base.resolve(path)).timeout(this.patience);
		return this.key.isEmpty() ? request : request.header("X-Access-Token", this.key);
	}

	private Response exchange(HttpRequest request) throws IOException {
		try {
			HttpResponse<String> response = this.http.send(request, HttpResponse.BodyHandlers.ofString());
			return new Response(response.statusCode(), response);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
	}

}
