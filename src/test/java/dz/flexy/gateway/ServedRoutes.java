package dz.flexy.gateway;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * The routes of a router function as {@code GET /orders/{}}, one for each method. What
 * cannot be told so shows as {@code ?} and itself, and is in nobody's table.
 */
final class ServedRoutes implements RouterFunctions.Visitor {

	private final Set<String> routes = new TreeSet<>();

	private final Deque<String> prefixes = new ArrayDeque<>();

	private ServedRoutes() {
	}

	static Set<String> of(RouterFunction<?> router) {
		ServedRoutes served = new ServedRoutes();
		router.accept(served);
		return served.routes;
	}

	@Override
	public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
		Reading read = new Reading(predicate);
		if (read.isClear() && read.path != null && !read.methods.isEmpty()) {
			String path = String.join("", this.prefixes) + read.path;
			read.methods.forEach((method) -> this.routes.add(method + " " + path.replaceAll("\\{[^/]*}", "{}")));
		}
		else {
			this.routes.add("? " + predicate);
		}
	}

	@Override
	public void startNested(RequestPredicate predicate) {
		Reading read = new Reading(predicate);
		this.prefixes.addLast((read.isClear() && read.path != null) ? read.path : "? " + predicate);
	}

	@Override
	public void endNested(RequestPredicate predicate) {
		this.prefixes.removeLast();
	}

	@Override
	public void resources(Function<ServerRequest, Mono<Resource>> lookup) {
		this.routes.add("? resources");
	}

	@Override
	public void attributes(Map<String, Object> attributes) {
	}

	@Override
	public void unknown(RouterFunction<?> router) {
		this.routes.add("? " + router);
	}

	/** A method and a path; headers and parameters only narrow what is served. */
	private static final class Reading implements RequestPredicates.Visitor {

		private Set<HttpMethod> methods = Set.of();

		private @Nullable String path;

		private boolean clear = true;

		Reading(RequestPredicate predicate) {
			predicate.accept(this);
		}

		boolean isClear() {
			return this.clear;
		}

		@Override
		public void method(Set<HttpMethod> methods) {
			this.methods = methods;
		}

		@Override
		public void path(String pattern) {
			this.clear &= this.path == null;
			this.path = pattern;
		}

		@Override
		@SuppressWarnings("removal")
		public void pathExtension(String extension) {
		}

		@Override
		public void header(String name, String value) {
		}

		@Override
		public void queryParam(String name, String value) {
		}

		@Override
		public void version(String version) {
		}

		@Override
		public void startAnd() {
		}

		@Override
		public void and() {
		}

		@Override
		public void endAnd() {
		}

		@Override
		public void startOr() {
			this.clear = false;
		}

		@Override
		public void or() {
		}

		@Override
		public void endOr() {
		}

		@Override
		public void startNegate() {
			this.clear = false;
		}

		@Override
		public void endNegate() {
		}

		@Override
		public void unknown(RequestPredicate predicate) {
			this.clear = false;
		}

	}

}
