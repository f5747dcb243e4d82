package dz.flexy.gateway.simulator;

import java.util.List;
import java.util.Map;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A biller's customer: exactly one identifier, under its published name or one of those
 * that clients use.
 *
 * @param shown the account as it was sent
 * @param identifier the text that tells this customer from another
 */
record BillAccount(String partner, ObjectNode shown, String identifier) {

	static final List<String> PARTNERS = List.of("ADE", "SONELGAZ", "SEAAL", "AADL", "Algérie Télécom");

	private static final String PHONE = "0[2-4][0-9]{7}";

	/** Which names each partner knows, and what the identifier under them looks like. */
	private static final Map<String, Map<String, String>> NAMES = Map.of("ADE",
			Map.of("reference", "[A-Za-z0-9]{25}", "electronic_payment_key", "[A-Za-z0-9]{25}"), "SONELGAZ",
			Map.of("contractNumber", "[0-9]{6,20}", "sonelgaz.invoice_number", "[0-9]{6,20}"), "SEAAL",
			Map.of("reference", "[A-Za-z0-9]{4,25}", "seaal.code_contrat", "[0-9]{2,10}"), "AADL",
			Map.of("aadl.codeloc", "[0-9]{6,20}"), "Algérie Télécom",
			Map.of("phoneNumber", PHONE, "phone_number", PHONE));

	static BillAccount of(String partner, JsonNode account) {
		if (!PARTNERS.contains(partner)) {
			throw Refused.invalid("partner", partner, "must be equal to one of the allowed values");
		}
		Set<String> given = Set.copyOf(account.propertyNames());
		if (!(account instanceof ObjectNode shown) || given.size() != 1) {
			throw Refused.invalid("account", account.toString(), "must carry exactly one identifier");
		}
		Map<String, String> names = NAMES.getOrDefault(partner, Map.of());
		String name = names.keySet()
			.stream()
			.filter((known) -> given.contains(known.split("\\.")[0]))
			.findFirst()
			.orElseThrow(() -> Refused.invalid("account", account.toString(), "is not this partner's identifier"));
		String identifier = account.at("/" + name.replace('.', '/')).asString("");
		if (!identifier.matches(names.getOrDefault(name, ""))) {
			throw new Refused(400, "INVALID_ACCOUNT", "The account identifier is not valid for " + partner);
		}
		return new BillAccount(partner, shown.deepCopy(), identifier);
	}

	boolean sameAs(BillAccount other) {
		return this.partner.equals(other.partner) && this.identifier.equals(other.identifier);
	}

	BillOutcome outcome() {
		return BillOutcome.of(this.identifier);
	}

}
