package dz.flexy.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import dz.flexy.gateway.Side.Given;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Asks the upstream and the gateway the same, and keeps what differs. */
final class BothSides {

	private static final String NONE = "";

	private final Side upstream;

	private final Side gateway;

	/** Filled by several threads. */
	private final List<Comparison> comparisons = Collections.synchronizedList(new ArrayList<>());

	BothSides(Side upstream, Side gateway) {
		this.upstream = upstream;
		this.gateway = gateway;
	}

	/** In the endpoints' order, and of an endpoint as they were asked. */
	List<Comparison> comparisons() {
		return this.comparisons.stream().sorted(Comparator.comparing(Comparison::endpoint)).toList();
	}

	/** A read of a path without a variable. */
	void read(Endpoint endpoint, String situation) {
		compare(endpoint, situation, path(endpoint, NONE), null);
	}

	/**
	 * A read.
	 * @param value of the variable in the path, or what is asked after {@code ?}
	 */
	void read(Endpoint endpoint, String situation, String value) {
		compare(endpoint, situation, path(endpoint, value), null);
	}

	/** A request with a body. */
	Comparison write(Endpoint endpoint, String situation, String body) {
		return compare(endpoint, situation, endpoint.path(), body.replace('\'', '"'));
	}

	/** The same, and keeps an id or reference that was answered. */
	void write(Endpoint endpoint, String situation, String body, String pointer, String name) {
		Comparison answers = write(endpoint, situation, body);
		this.upstream.remember(name, answers.direct().json().at(pointer).asString());
		this.gateway.remember(name, answers.through().json().at(pointer).asString());
	}

	/** Another method on that path, which no route knows. */
	void unrouted(Endpoint endpoint, String situation) {
		compare(endpoint, situation, endpoint.path() + "/nothing", null);
	}

	/** Without a key, and with one that nobody has. */
	void withoutKey(Endpoint endpoint) {
		String path = path(endpoint, "000000000000000000000000");
		String body = endpoint.method().equals("POST") ? "{}" : null;
		compare(endpoint, "no key", path, body, (side) -> null);
		compare(endpoint, "unknown key", path, body, (side) -> "nobodys-key");
	}

	/** Reads on both sides until each shows that status. */
	void await(Endpoint endpoint, String value, String status) {
		Stream.of(this.upstream, this.gateway)
			.forEach((side) -> side.ask("GET", path(endpoint, value), side.key(), null)
				.filter((given) -> given.json().at("/data/status").asString("").equals(status))
				.repeatWhenEmpty((again) -> again.delayElements(Duration.ofMillis(100)))
				.timeout(GatewayUnderTest.patience(), Mono.empty())
				.switchIfEmpty(Mono.error(() -> new AssertionError(value + " is never " + status)))
				.block());
	}

	private Comparison compare(Endpoint endpoint, String situation, String path, @Nullable String body) {
		return compare(endpoint, situation, path, body, Side::key);
	}

	private Comparison compare(Endpoint endpoint, String situation, String path, @Nullable String body,
			Function<Side, @Nullable String> key) {
		Comparison comparison = new Comparison(endpoint, situation,
				ask(this.upstream, endpoint, path, key.apply(this.upstream), body),
				ask(this.gateway, endpoint, path, key.apply(this.gateway), body));
		this.comparisons.add(comparison);
		return comparison;
	}

	private static Given ask(Side side, Endpoint endpoint, String path, @Nullable String key, @Nullable String body) {
		Given given = side.ask(endpoint.method(), path, key, body).block(GatewayUnderTest.patience());
		if (given == null) {
			throw new AssertionError("no answer to " + endpoint);
		}
		return given;
	}

	private static String path(Endpoint endpoint, String value) {
		if (endpoint.path().contains("{")) {
			return endpoint.path().replaceAll("\\{\\w+}", value.replace("$", "\\$"));
		}
		return value.isEmpty() ? endpoint.path() : endpoint.path() + "?" + value;
	}

	/**
	 * One request, answered twice.
	 *
	 * @param situation what is asked for, or what is wrong
	 */
	record Comparison(Endpoint endpoint, String situation, Given direct, Given through) {

		Set<String> differences() {
			return direct().shape().differencesTo(through().shape());
		}

		/** What the upstream answered. */
		String told() {
			return direct().shape().told();
		}

		@Override
		public String toString() {
			return this.endpoint + ", " + this.situation;
		}

	}

}
