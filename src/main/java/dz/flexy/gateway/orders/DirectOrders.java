package dz.flexy.gateway.orders;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Orders that callers sent upstream themselves before they moved over. Whoever can ask
 * the upstream implements it.
 */
public interface DirectOrders {

	/**
	 * An order by the upstream's id.
	 * @param account bought with
	 * @param family of which product
	 * @param id as the caller wrote it
	 * @return as the upstream shows it; empty if it shows none, or one of the gateway's;
	 * a {@code Problem} if it cannot be asked
	 */
	Mono<ObjectNode> byId(AccountId account, Family family, String id);

	/**
	 * An order by the caller's reference.
	 * @param account bought with
	 * @param family of which product; gift cards have none
	 * @param ref as the caller wrote it
	 * @return as the upstream shows it; empty if it shows none, or one of the gateway's;
	 * a {@code Problem} if it cannot be asked
	 */
	Mono<ObjectNode> byRef(AccountId account, Family family, String ref);

}
