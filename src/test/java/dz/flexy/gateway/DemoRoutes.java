package dz.flexy.gateway;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.simulator.SuffixOutcome;

import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * What the board offers before the simulator: a key, what can be bought with it, and what
 * becomes of which number. Named as a source by whoever starts a demo; the application's
 * own scan does not find it.
 */
final class DemoRoutes {

	/** The setting that holds the demo caller's key. */
	static final String KEY = "demo.key";

	private static final List<Map<String, Object>> PRODUCTS = List.of(
			product("ADSL", "/v3/internet/send", Map.of("type", "ADSL"), "number", "value", "0363626",
					List.of(1000, 500, 2000, 3000, 5000)),
			product("4G", "/v3/internet/send", Map.of("type", "4G"), "number", "value", "2134727316",
					List.of(1000, 500, 1500, 2000, 2500, 3500)),
			product("PREPAID_MOBILIS", "/v3/mobile/send", Map.of("plan_code", "PREPAID_MOBILIS"), "MSSIDN", "amount",
					"06612345", List.of(500, 100, 1000, 2000)));

	@Bean
	RouterFunction<ServerResponse> demo(Environment environment, Envelope envelope) {
		Map<String, Object> demo = Map.of("key", environment.getRequiredProperty(KEY), "products", PRODUCTS, "suffixes",
				Arrays.stream(SuffixOutcome.values())
					.map((outcome) -> Map.of("digits", outcome.digits(), "meaning", outcome.sentence()))
					.toList());
		return RouterFunctions.route().GET("/console/demo", (request) -> envelope.ok(request, demo)).build();
	}

	/** Paths and fields as any caller sends them. */
	private static Map<String, Object> product(String name, String path, Map<String, String> body, String number,
			String amount, String prefix, List<Integer> amounts) {
		return Map.of("name", name, "path", path, "body", body, "number", number, "amount", amount, "prefix", prefix,
				"amounts", amounts);
	}

}
