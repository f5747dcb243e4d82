package dz.flexy.gateway.simulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bill payment. The longest body is not published; it is the router's usual 1 MiB.
 */
final class BillRoutes {

	private static final int LONGEST = 1024 * 1024;

	private static final int LONGEST_REF = 100;

	private BillRoutes() {
	}

	static List<Route> all() {
		return List.of(Route.get("/v3/bills/partners", BillRoutes::partners),
				Route.post("/v3/bills/discover", BillRoutes::discover), Route.post("/v3/bills/pay", BillRoutes::pay),
				Route.get("/v3/bills/transactions", BillRoutes::list),
				Route.get("/v3/bills/transactions/by-ref", BillRoutes::byRef),
				Route.get("/v3/bills/transactions/{transactionId}", BillRoutes::byId),
				Route.get("/v3/bills/transactions/{transactionId}/receipt", BillRoutes::receipt),
				Route.get("/v3/bills/transactions/{transactionId}/avis", BillRoutes::notice));
	}

	private static Reply partners(Visit visit) {
		ObjectNode data = Json.object();
		BillAccount.PARTNERS.forEach((partner) -> data.set(partner,
				Json.object().put("status", visit.tenant().bills().isAvailable(partner) ? "ACTIVE" : "UNAVAILABLE")));
		return Reply.of(data);
	}

	private static Reply discover(Visit visit) {
		JsonNode body = bounded(visit);
		Fields fields = new Fields(body);
		String partner = fields.text("partner");
		String ref = fields.text("ref", LONGEST_REF);
		BillAccount account = BillAccount.of(partner, body.path("account"));
		BillTransaction made = visit.tenant().bills().discover(account, ref, visit.now(), visit.scene().hidden());
		return Reply.of(receipt(made, visit));
	}

	private static Reply pay(Visit visit) {
		JsonNode body = bounded(visit);
		Fields fields = new Fields(body);
		String id = fields.text("transactionId");
		List<String> billIds = body.has("billIds") ? fields.texts("billIds", 50, 100)
				: List.of(fields.text("billId", 100));
		BillTransaction paid = visit.tenant().bills().pay(id, billIds, fields.text("ref", LONGEST_REF), visit.now());
		return Reply.created(receipt(paid, visit), paid);
	}

	private static ObjectNode receipt(BillTransaction transaction, Visit visit) {
		return Json.object()
			.put("transactionId", transaction.id())
			.put("ref", transaction.ref())
			.put("status", transaction.status(visit.now()));
	}

	private static Reply list(Visit visit) {
		int limit = Paging.number(visit, "limit", 1, 100, 20);
		int offset = Paging.number(visit, "offset", 0, Integer.MAX_VALUE, 0);
		List<BillTransaction> matching = visit.tenant()
			.bills()
			.visible(visit.now())
			.stream()
			.filter(wanted(visit))
			.toList();
		ArrayNode rows = Json.array();
		matching.stream()
			.skip(offset)
			.limit(limit)
			.map((transaction) -> BillView.row(transaction, visit))
			.forEach(rows::add);
		return Reply.of(rows).withMeta("total", matching.size()).withMeta("limit", limit).withMeta("offset", offset);
	}

	private static Predicate<BillTransaction> wanted(Visit visit) {
		Instant from = Paging.time(visit, "from", Instant.MIN);
		Instant to = Paging.time(visit, "to", Instant.MAX);
		String status = visit.query("status").orElse("");
		String partner = visit.query("partner").orElse("");
		return (found) -> (status.isEmpty() || found.status(visit.now()).equals(status))
				&& (partner.isEmpty() || found.account().partner().equals(partner)) && !found.createdAt().isBefore(from)
				&& !found.createdAt().isAfter(to);
	}

	private static Reply byRef(Visit visit) {
		String ref = visit.requiredQuery("ref");
		BillTransaction found = visit.tenant()
			.bills()
			.find(visit.requiredQuery("partner"), ref, visit.now())
			.orElseThrow(() -> Refused.notFound("Transaction", "reference", ref));
		return Reply.of(BillView.full(found, visit));
	}

	private static Reply byId(Visit visit) {
		return Reply.of(BillView.full(found(visit), visit));
	}

	private static Reply receipt(Visit visit) {
		BillTransaction found = found(visit);
		Bills.Receipt receipt = visit.tenant().bills().receipt();
		if (!found.status(visit.now()).equals("SUCCESS") || receipt.missing()) {
			throw Refused.notFound("Receipt of transaction", "id", found.id());
		}
		return file(receipt, "receipt-" + found.id());
	}

	private static Reply notice(Visit visit) {
		BillTransaction found = found(visit);
		if (!found.account().partner().equals("AADL") || found.status(visit.now()).equals("PENDING")) {
			throw Refused.notFound("Notice of transaction", "id", found.id());
		}
		return file(new Bills.Receipt("application/pdf", 4096, false), "avis-" + found.id());
	}

	private static Reply file(Bills.Receipt receipt, String name) {
		String ending = switch (receipt.contentType()) {
			case "application/pdf" -> ".pdf";
			case "image/png" -> ".png";
			case "image/jpeg" -> ".jpg";
			default -> ".bin";
		};
		return Reply.file(Answer.of(200, receipt.contentType(), new Body.Filler(receipt.bytes()))
			.with(Map.of("Content-Disposition", "attachment; filename=\"" + name + ending + "\"", "Cache-Control",
					"private, max-age=86400", "X-Content-Type-Options", "nosniff")));
	}

	private static BillTransaction found(Visit visit) {
		String id = visit.value("transactionId");
		return visit.tenant()
			.bills()
			.find(id, visit.now())
			.orElseThrow(() -> Refused.notFound("Transaction", "id", id));
	}

	private static JsonNode bounded(Visit visit) {
		if (visit.call().body().length() > LONGEST) {
			throw new Refused(413, "PAYLOAD_TOO_LARGE", "Request body is too large");
		}
		return visit.body();
	}

}
