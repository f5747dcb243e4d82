package dz.flexy.gateway;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A language that the guide has its functions in, and its runtime on this machine. */
enum GuideLanguage {

	JAVASCRIPT("javascript", "client.mjs", List.of("node"), "fetch", "function sendInternetTopup(",
			"function validateAndSend(", "function sendTopupSafely("),

	PYTHON("python", "client.py", List.of("python3"), "import requests", "def send_internet_topup(",
			"def validate_and_send(", "def send_topup_safely("),

	PHP("php", "client.php", List.of("php", "-d", "display_errors=stderr"), "curl_init(0);",
			"function sendInternetTopup(", "function validateAndSend(", "function sendTopupSafely(");

	private static final JsonMapper JSON = new JsonMapper();

	private final String fence;

	private final String client;

	private final List<String> command;

	private final String probe;

	private final String[] functions;

	GuideLanguage(String fence, String client, List<String> command, String probe, String... functions) {
		this.fence = fence;
		this.client = client;
		this.command = command;
		this.probe = probe;
		this.functions = functions;
	}

	/**
	 * Skips the test, saying why, where the runtime or what the guide imports is missing.
	 */
	void assumeInstalled(Path directory) {
		String program = opening() + this.probe + "\n";
		boolean present = Tool.run(directory, Map.of(), with(Tool.write(directory, "probe-" + this.client, program)))
			.succeeded();
		Assumptions.assumeTrue(present,
				() -> this.command.getFirst() + " with \"" + this.probe + "\" is not installed");
	}

	/**
	 * Calls one of the guide's functions in a process of its own.
	 * @return what it returned or threw: {@code {returned}} or {@code {thrown}}
	 */
	JsonNode call(Path directory, Object baseUrl, String function, Map<String, Object> argument) {
		String guide = GuideCode.ofSending().code(this.fence, this.functions);
		String program = opening()
				+ GuideCode.pointedAt(guide + GuideCode.resource("seed-client/" + this.client), baseUrl);
		Tool.Result result = Tool.run(directory, Map.of("API_KEY", GatewayUnderTest.KEY),
				with(Tool.write(directory, this.client, program), function, JSON.writeValueAsString(argument)));
		return JSON.readTree(result.lastLine());
	}

	private String opening() {
		return (this == PHP) ? "<?php\n" : "";
	}

	private String[] with(Path program, String... arguments) {
		List<String> whole = new ArrayList<>(this.command);
		whole.add(program.toString());
		whole.addAll(List.of(arguments));
		return whole.toArray(String[]::new);
	}

}
