package dz.flexy.gateway.reconciliation;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Paths under {@code /operator}. Whoever implements it is mounted on the management port
 * and nowhere else; a bean that is a router function itself would be on both.
 */
interface OperatorRouting {

	/** What is mounted. */
	RouterFunction<ServerResponse> routes();

}
