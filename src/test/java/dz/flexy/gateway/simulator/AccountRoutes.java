package dz.flexy.gateway.simulator;

import java.util.List;

import tools.jackson.databind.node.ObjectNode;

/**
 * Balance and transactions.
 */
final class AccountRoutes {

	private AccountRoutes() {
	}

	static List<Route> all() {
		return List.of(Route.get("/v3/account/balance", AccountRoutes::balance),
				Route.get("/v3/account/transactions", AccountRoutes::transactions));
	}

	private static Reply balance(Visit visit) {
		ObjectNode data = Json.object().put("balance", Json.number(visit.book().balance(visit.now())));
		return Reply.of(visit.drift().has(Quirk.CURRENCY_IN_BALANCE) ? data.put("currency", "DZD") : data);
	}

	private static Reply transactions(Visit visit) {
		List<LedgerRow> newestFirst = visit.book().transactions(visit.now()).reversed();
		return Reply
			.of(Paging.of(visit).page("items", newestFirst, LedgerRow::time, (row) -> render(row, visit.drift())));
	}

	private static ObjectNode render(LedgerRow row, Drift drift) {
		return drift.has(Quirk.TRANSACTIONS_REDUCED) ? Json.object()
			.put("type", row.type())
			.put("amount", Json.number(row.amount()))
			.put("time", Json.time(row.time())) : full(row);
	}

	private static ObjectNode full(LedgerRow row) {
		return Json.object()
			.put("_id", row.id())
			.put("type", row.type())
			.put("operation", row.operation())
			.put("amount", Json.number(row.amount()))
			.put("oldBalance", Json.number(row.oldBalance()))
			.put("newBalance", Json.number(row.newBalance()))
			.put("objid", row.objid())
			.put("note", row.note())
			.put("time", Json.time(row.time()));
	}

}
