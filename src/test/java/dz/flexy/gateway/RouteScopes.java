package dz.flexy.gateway;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import dz.flexy.gateway.callers.Scope;

/**
 * What each route demands. A route that stands in no row fails the tests, so nobody adds
 * one without saying who may use it.
 */
final class RouteScopes {

	/** Anybody may ask. */
	static final String NO_KEY = "no key";

	/** Any caller may ask. */
	static final String ANY_KEY = "any key";

	/** Who shows the board's cookie, and no key, may ask. */
	static final String COOKIE = "cookie";

	private static final Map<String, String> TABLE = new TreeMap<>();

	static {
		rows(NO_KEY, "GET /v3/ping", "GET /", "GET /board/{}", "GET /openapi.yaml", "GET /docs", "GET /docs/docs.js",
				"GET /docs/swagger-ui-bundle.js", "GET /docs/swagger-ui.css");
		rows(NO_KEY, "GET /track/{}", "GET /tracking/track.css", "GET /tracking/track.js",
				"GET /tracking/track-words.js");
		rows(ANY_KEY, "GET /v3/validate");
		rows(Scope.ORDERS_WRITE, "POST /v3/internet/send", "POST /v3/mobile/send", "POST /v3/gift-cards/placeOrder",
				"POST /orders/{}/cancel");
		rows(Scope.ORDERS_READ, "GET /v3/internet/check-id/{}", "GET /v3/internet/check-ref/{}",
				"GET /v3/internet/list", "GET /v3/mobile/check-id/{}", "GET /v3/mobile/check-ref/{}",
				"GET /v3/mobile/list", "GET /v3/gift-cards/checkOrder/{}", "GET /v3/gift-cards/list", "GET /orders",
				"GET /orders/{}", "GET /orders/{}/events", "GET /orders/events", "POST /orders/tickets",
				"POST /orders/{}/tickets", "GET /console/session", "GET /console/events");
		rows(COOKIE, "POST /orders/sign-out");
		rows(Scope.CARDS_REVEAL, "GET /orders/{}/card");
		rows(Scope.CATALOG_READ, "GET /v3/internet/products", "GET /v3/internet/check-number", "GET /v3/mobile/plans",
				"GET /v3/gift-cards/catalog", "GET /v3/gift-cards/checkProduct/{}");
		rows(Scope.BALANCE_READ, "GET /v3/account/balance");
		rows(Scope.ACCOUNT_READ, "GET /v3/account/transactions");
		rows(Scope.OCPAY, "POST /v3/ocpay/createLink", "GET /v3/ocpay/checkPayment/{}");
		rows(Scope.BILLS, "GET /v3/bills/partners", "POST /v3/bills/discover", "POST /v3/bills/pay",
				"GET /v3/bills/transactions", "GET /v3/bills/transactions/by-ref", "GET /v3/bills/transactions/{}",
				"GET /v3/bills/transactions/{}/receipt", "GET /v3/bills/transactions/{}/avis");
	}

	/** On the management port, of the scope operator and nobody else's. */
	static final Set<String> OPERATORS = Set.of("GET /operator/orders", "GET /operator/orders/{}",
			"POST /operator/orders/{}/look-again", "POST /operator/orders/{}/adopt",
			"POST /operator/orders/{}/mark-not-created", "POST /operator/orders/{}/allow-send",
			"GET /operator/payments", "GET /operator/payments/{}", "POST /operator/payments/{}/mark-paid",
			"POST /operator/payments/{}/mark-not-paid", "GET /operator/accounts",
			"POST /operator/accounts/{}/stop-sends", "POST /operator/accounts/{}/resume-sends",
			"GET /operator/statements", "GET /operator/reconciliation", "POST /operator/reconciliation",
			"POST /operator/reconciliation/breaks/{}/settle");

	private RouteScopes() {
	}

	/** By route as {@link ServedRoutes} tells it: a scope's label, or one of these. */
	static Map<String, String> table() {
		return TABLE;
	}

	private static void rows(Scope scope, String... routes) {
		rows(scope.label(), routes);
	}

	private static void rows(String demand, String... routes) {
		Stream.of(routes).forEach((route) -> TABLE.put(route, demand));
	}

}
