package dz.flexy.gateway.catalog;

import java.util.LinkedHashMap;
import java.util.Map;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.callers.Caller;
import dz.flexy.gateway.callers.Scope;
import dz.flexy.gateway.problem.Envelope;
import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.NumberCheck;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Answers as the upstream documents, from what is kept locally. */
@Component
class CatalogHandler {

	private final Envelope envelope;

	private final ProductLists lists;

	private final PlanLists plans;

	private final GiftCatalogs catalogs;

	private final GiftProducts gifts;

	private final Numbers numbers;

	private final Ping ping;

	CatalogHandler(Envelope envelope, ProductLists lists, PlanLists plans, GiftCatalogs catalogs, GiftProducts gifts,
			Numbers numbers, Ping ping) {
		this.envelope = envelope;
		this.lists = lists;
		this.plans = plans;
		this.catalogs = catalogs;
		this.gifts = gifts;
		this.numbers = numbers;
		this.ping = ping;
	}

	Mono<ServerResponse> products(ServerRequest request) {
		AccountId account = account(request);
		String type = request.queryParam("type").orElse("");
		InternetNumber.typeRefusal(type).ifPresent(CatalogHandler::refuse);
		return this.lists.shown(new ListKey(account, type)).flatMap((list) -> this.envelope.ok(request, list));
	}

	Mono<ServerResponse> plans(ServerRequest request) {
		return this.plans.shown(account(request)).flatMap((list) -> this.envelope.ok(request, list.plans().data()));
	}

	Mono<ServerResponse> giftCatalog(ServerRequest request) {
		return this.catalogs.shown(account(request))
			.flatMap((catalog) -> this.envelope.ok(request, catalog.data(),
					Map.of("totalCategories", catalog.totalCategories(), "totalProducts", catalog.totalProducts())));
	}

	Mono<ServerResponse> giftProduct(ServerRequest request) {
		GiftKey key = new GiftKey(account(request), request.pathVariable("id"));
		key.refusal().ifPresent(CatalogHandler::refuse);
		return this.gifts.shown(key).flatMap((answer) -> this.envelope.ok(request, told(answer)));
	}

	Mono<ServerResponse> checkNumber(ServerRequest request) {
		AccountId account = account(request);
		String type = request.queryParam("type").orElse("");
		String number = request.queryParam("number").orElseThrow(CatalogHandler::numberMissing);
		InternetNumber.refusal(type, number).ifPresent(CatalogHandler::refuse);
		return this.numbers.verdict(new Inquiry(account, type, number, false))
			.flatMap((verdict) -> this.envelope.ok(request, told(verdict)));
	}

	Mono<ServerResponse> ping(ServerRequest request) {
		return this.ping.word().flatMap((word) -> this.envelope.ok(request, word));
	}

	private static AccountId account(ServerRequest request) {
		return Caller.of(request, Scope.CATALOG_READ).account();
	}

	private static Map<String, String> told(Verdict verdict) {
		return switch (verdict) {
			case Verdict.Refused refused -> throw refused.problem();
			case Verdict.Known known -> fields(known.check());
		};
	}

	private static JsonNode told(GiftAnswer answer) {
		return switch (answer) {
			case GiftAnswer.Refused refused -> throw refused.problem();
			case GiftAnswer.Known known -> known.product().data();
		};
	}

	private static Map<String, String> fields(NumberCheck check) {
		Map<String, String> fields = new LinkedHashMap<>();
		put(fields, "ncli", check.ncli());
		put(fields, "offre", check.offre());
		put(fields, "type", check.type());
		return fields;
	}

	private static void put(Map<String, String> fields, String name, @Nullable String value) {
		if (value != null) {
			fields.put(name, value);
		}
	}

	private static Problem numberMissing() {
		return Problem.of(ErrorCode.ERR_VALIDATION, "number is required").detail("field", "number").money(false, true);
	}

	private static void refuse(Problem problem) {
		throw problem;
	}

}
