package dz.flexy.gateway.upstream;

import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.WebClient.RequestHeadersSpec;

/**
 * Takes the answer of a request in.
 *
 * @param <T> what a good answer carries
 */
interface Hearing<T> {

	/**
	 * Sends on subscription.
	 * @return what was heard; fails without an answer, or with one that broke off
	 */
	Mono<Heard<T>> of(RequestHeadersSpec<?> spec);

}
