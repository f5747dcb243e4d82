package dz.flexy.gateway.orders;

import java.util.LinkedHashMap;
import java.util.Map;

import dz.flexy.gateway.problem.Problem;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/** Keeps a refusal so that it can be told again later, on any replica. */
@Component
class ProblemJson {

	private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {
	};

	private final JsonMapper json;

	private final ObjectReader tree;

	private final ObjectReader map;

	/**
	 * Jackson prepares each type at its first use, under a lock in which event loops
	 * would wait for each other; a reader is prepared where it is made.
	 */
	ProblemJson(JsonMapper json) {
		this.json = json;
		this.tree = json.readerFor(JsonNode.class);
		this.map = json.readerFor(MAP);
	}

	String write(Problem problem) {
		Map<String, Object> fields = new LinkedHashMap<>();
		fields.put("code", problem.code());
		fields.put("status", problem.status());
		fields.put("message", problem.message());
		fields.put("details", problem.details());
		return this.json.writeValueAsString(fields);
	}

	Problem read(String text) {
		JsonNode fields = this.tree.readValue(text);
		Problem problem = Problem.of(fields.path("code").asString(), fields.path("status").asInt(),
				fields.path("message").asString());
		Map<String, Object> details = this.map.readValue(fields.path("details"));
		for (Map.Entry<String, Object> detail : details.entrySet()) {
			problem = problem.detail(detail.getKey(), detail.getValue());
		}
		return problem;
	}

}
