package dz.flexy.gateway.upstream;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dz.flexy.gateway.problem.ErrorCode;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Finds the code of a refusal: {@code error.code}, else a documented code in the text,
 * because published clients look for it there (contract section 1.4).
 */
@Component
class RefusalReader {

	private static final String UNKNOWN = "UNKNOWN";

	private static final List<String> IN_TEXT = List.of("ERR_PHONE", "ERR_STOCK", "INSUFFICIENT_BALANCE", "NO_BALANCE",
			"DUPLICATED_REF", "DUPLICATED-REF", "ERR_VALIDATION", "RATE_LIMIT_EXCEEDED");

	/** Documented, but they settle nothing: the status decides. */
	private static final Set<String> OF_SERVERS = Set.of("INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "AUTH_UNAVAILABLE");

	/** Documented for bills only (contract section 7): handed on as they are. */
	private static final Set<String> OF_BILLS = Set.of("INVALID_ACCOUNT", "PAYLOAD_TOO_LARGE", "BILL_ALREADY_PAID",
			"PAYMENT_IN_PROGRESS", "PARTNER_UNAVAILABLE");

	private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {
	};

	/** Made once, so that no event loop waits while Jackson prepares the type. */
	private final ObjectReader map;

	private final Drift drift;

	RefusalReader(JsonMapper json, Drift drift) {
		this.map = json.readerFor(MAP);
		this.drift = drift;
	}

	Refusal read(Answer answer) {
		JsonNode body = answer.body();
		JsonNode error = (body != null) ? body.path("error") : null;
		String message = Plain.text((error != null && error.isObject()) ? error.path("message").asString("")
				: (body != null) ? atTopOrInData(body) : "");
		String verbatim = Plain.text((error != null) ? error.path("code").asString("") : "");
		String code = verbatim.isEmpty() ? codeIn(answer, message) : verbatim;
		Optional<ErrorCode> known = ErrorCode.ofUpstream(code);
		if (known.isEmpty() && !KeyErrors.isOne(code) && !OF_SERVERS.contains(code) && !OF_BILLS.contains(code)) {
			this.drift.code(code);
		}
		return new Refusal(known, known.map(ErrorCode::name).orElse(code), status(answer, known), withoutCode(message),
				details(error), answer.requestId());
	}

	/** Some clients read it in {@code data} (contract section 1.4). */
	private static String atTopOrInData(JsonNode body) {
		return body.path("message").asString(body.path("data").path("message").asString(""));
	}

	/** A refusal that came as a 200 must not be told as one. */
	private static int status(Answer answer, Optional<ErrorCode> known) {
		return (answer.status() >= 400) ? answer.status() : known.orElse(ErrorCode.UPSTREAM_UNAVAILABLE).status();
	}

	/** The text of a server's fault may name a code for any reason. */
	private static String codeIn(Answer answer, String message) {
		if (answer.status() >= 500) {
			return UNKNOWN;
		}
		String text = message.toUpperCase(Locale.ROOT);
		return IN_TEXT.stream().filter(text::contains).findFirst().orElse(UNKNOWN);
	}

	private static String withoutCode(String message) {
		return message.replaceFirst("^[A-Z][A-Z_-]+: ", "");
	}

	private Map<String, Object> details(@org.jspecify.annotations.Nullable JsonNode error) {
		JsonNode details = (error != null) ? error.path("details") : null;
		return (details != null && details.isObject()) ? this.map.readValue(details) : Map.of();
	}

}
