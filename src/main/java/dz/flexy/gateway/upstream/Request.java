package dz.flexy.gateway.upstream;

import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.breaker.Breakers.Side;
import tools.jackson.databind.JsonNode;

import org.springframework.web.util.UriBuilder;

/**
 * One kind of call.
 *
 * @param <T> what a good answer carries
 * @param endpoint name for logs and meters, never with a number or ref in it
 * @param family whose breaker guards it
 * @param side which of that breaker's sides
 * @param uri builds path and query
 * @param decode reads {@code data}; empty if it has no known shape
 */
record Request<T>(String endpoint, Family family, Side side, Function<UriBuilder, URI> uri,
		Function<JsonNode, Optional<T>> decode) {
}
