package dz.flexy.gateway.simulator;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;

/**
 * The names and types of a body, without its values: an object is the shapes of its
 * fields, an array the set of the shapes of its elements, anything else the word for its
 * type.
 */
final class Shape {

	private Shape() {
	}

	static Object of(JsonNode node) {
		if (node.isArray()) {
			Set<Object> elements = node.valueStream().map(Shape::of).collect(Collectors.toSet());
			return Map.of("each of", elements);
		}
		if (!node.isObject()) {
			return node.getNodeType().name();
		}
		Map<String, Object> fields = new TreeMap<>();
		node.forEachEntry((name, value) -> fields.put(name, of(value)));
		return fields;
	}

}
