package dz.flexy.gateway.orders;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How PostgreSQL executed a statement.
 *
 * @param pages that it looked at, each time
 * @param descents from an index's root to a leaf, for a search or for a new entry
 * @param removed rows that were read and left out
 * @param wholly tables that were read from end to end
 * @param milliseconds of the execution
 * @param text all of it
 */
record Plan(long pages, long descents, long removed, Set<String> wholly, double milliseconds, String text) {

	/**
	 * A row that changes gets an entry in each index of the orders that it is in: about
	 * so many.
	 */
	private static final int INDEXES = 10;

	static Plan parse(String json) {
		JsonNode told = JsonMapper.shared().readTree(json).get(0);
		List<JsonNode> nodes = new ArrayList<>();
		collect(told.path("Plan"), nodes);
		Set<String> read = nodes.stream().map((node) -> node.path("CTE Name").asString("")).collect(Collectors.toSet());
		long pages = pages(told.path("Plan")) + nodes.stream()
			// What nothing reads is executed behind the rest, and not counted with it.
			.filter((node) -> node.path("Node Type").asString("").equals("ModifyTable")
					&& node.path("Subplan Name").asString("").startsWith("CTE ")
					&& !read.contains(node.path("Subplan Name").asString("").substring(4)))
			.mapToLong(Plan::pages)
			.sum();
		long descents = nodes.stream()
			.filter((node) -> node.path("Node Type").asString("").contains("Index"))
			.mapToLong((node) -> Math.max(node.path("Actual Loops").asLong(0), node.path("Index Searches").asLong(0)))
			.sum();
		descents += nodes.stream()
			.filter((node) -> node.path("Node Type").asString("").equals("ModifyTable")
					&& node.path("Relation Name").asString("").equals("orders_order"))
			.mapToLong((node) -> Math.round(changed(node)) * INDEXES)
			.sum();
		long removed = nodes.stream()
			.filter((node) -> node.has("Relation Name"))
			.mapToLong((node) -> Math.round((node.path("Rows Removed by Filter").asDouble(0)
					+ node.path("Rows Removed by Index Recheck").asDouble(0)) * node.path("Actual Loops").asLong(0)))
			.sum();
		Set<String> wholly = nodes.stream()
			.filter((node) -> node.path("Node Type").asString("").equals("Seq Scan"))
			.map((node) -> node.path("Relation Name").asString(""))
			.collect(Collectors.toSet());
		return new Plan(pages, descents, removed, wholly, told.path("Execution Time").asDouble(),
				told.toPrettyString());
	}

	/** An update writes as many rows as it is given. */
	private static double changed(JsonNode node) {
		JsonNode rows = node.path("Plans").path(0);
		return rows.path("Actual Rows").asDouble(0) * rows.path("Actual Loops").asDouble(0);
	}

	private static long pages(JsonNode node) {
		return node.path("Shared Hit Blocks").asLong(0) + node.path("Shared Read Blocks").asLong(0);
	}

	private static void collect(JsonNode node, List<JsonNode> nodes) {
		nodes.add(node);
		node.path("Plans").forEach((child) -> collect(child, nodes));
	}

}
