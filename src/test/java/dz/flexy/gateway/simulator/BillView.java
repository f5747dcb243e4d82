package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.List;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How bill transactions look on the wire: the published fields, {@code null} while there
 * is nothing to tell.
 */
final class BillView {

	private static final String HOST = "https://api.oneclickdz.com";

	private BillView() {
	}

	static ObjectNode full(BillTransaction transaction, Visit visit) {
		ObjectNode body = common(transaction, visit.now());
		ArrayNode bills = Json.array();
		boolean told = !transaction.status(visit.now()).equals("PENDING");
		(told ? transaction.bills() : List.<BillTransaction.Bill>of()).forEach((bill) -> bills.add(bill(bill)));
		body.set("bills", bills);
		return explained(body, transaction, visit.now());
	}

	static ObjectNode row(BillTransaction transaction, Visit visit) {
		return visit.drift().has(Quirk.BILL_ROWS_PROJECTED) ? common(transaction, visit.now())
				: full(transaction, visit);
	}

	private static ObjectNode common(BillTransaction transaction, Instant now) {
		boolean paid = !transaction.selected().isEmpty();
		String status = transaction.status(now);
		ObjectNode body = Json.object()
			.put("transactionId", transaction.id())
			.put("ref", transaction.ref())
			.put("type", paid ? "payment" : "discovery")
			.put("status", status)
			.put("partner", transaction.account().partner());
		body.set("account", transaction.account().shown());
		if (paid) {
			body.set("selectedBill", bill(transaction.selected().getFirst()));
			body.put("total", Json.number(transaction.price()));
		}
		else {
			body.putNull("selectedBill").putNull("total");
		}
		body.put("currency", "DZD");
		boolean success = status.equals("SUCCESS");
		body.put("receiptUrl", success ? HOST + "/v3/bills/transactions/" + transaction.id() + "/receipt" : null);
		body.put("operationId", success ? "op_" + transaction.id() : null);
		return body.put("createdAt", Json.time(transaction.createdAt()))
			.put("updatedAt", Json.time(transaction.updatedAt(now)))
			.put("completedAt", transaction.isFinal(now) ? Json.time(transaction.updatedAt(now)) : null);
	}

	private static ObjectNode explained(ObjectNode body, BillTransaction transaction, Instant now) {
		String status = transaction.status(now);
		if (!status.equals("FAILED") && !status.equals("REFUNDED")) {
			return body.putNull("error");
		}
		body.set("error",
				Json.object().put("code", "PAYMENT_DECLINED").put("message", "The biller declined the payment"));
		return body;
	}

	private static ObjectNode bill(BillTransaction.Bill bill) {
		return Json.object()
			.put("billId", bill.billId())
			.put("amount", Json.number(bill.amount()))
			.put("fee", Json.number(bill.fee()))
			.put("label", bill.label());
	}

}
