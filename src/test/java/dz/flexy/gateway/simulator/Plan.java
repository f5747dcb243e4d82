package dz.flexy.gateway.simulator;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A mobile plan. A fixed plan has one amount, a dynamic one a range.
 *
 * @param cost share of the face value that is charged; absent means all of it
 */
record Plan(String code, String name, String operator, @Nullable BigDecimal cost, BigDecimal least, BigDecimal most,
		boolean fixed, boolean enabled) {

	static final List<Plan> ALL = List.of(dynamic("PREPAID_DJEZZY", "Djezzy", "0.98", 50, 5000),
			dynamic("PREPAID_MOBILIS", "Mobilis", "0.96", 40, 3999),
			dynamic("PREPAID_OOREDOO", "Ooredoo", "0.98", 50, 5000),
			dynamic("FACTURE_DJEZZY", "Djezzy", "0.98", 100, 10000),
			dynamic("GROS_MOBILIS", "GMobilis", null, 5000, 300000), fixed("PIXX_500", "Djezzy", 500),
			fixed("MIX500_MOBILIS", "Mobilis", 500), fixed("MIX1000_OOREDOO", "Ooredoo", 1000),
			fixed("GETMENU_Djezzy", "Djezzy", 0), fixed("GETMENU_Mobilis", "Mobilis", 0),
			fixed("GETMENU_Ooredoo", "Ooredoo", 0), dynamic("FACTURE_MOBILIS", "Mobilis", "0.98", 100, 10000),
			dynamic("FACTURE_OOREDOO", "Ooredoo", "0.98", 100, 10000),
			fixed("SPECIAL_2000", "Djezzy", 2000).withdrawn());

	static Optional<Plan> find(String code) {
		return ALL.stream().filter((plan) -> plan.code().equals(code)).findFirst();
	}

	/** Whether the second digit of the number is this plan's operator's. */
	boolean serves(String number) {
		return switch (number.charAt(1)) {
			case '7' -> this.operator.equals("Djezzy");
			case '6' -> this.operator.endsWith("Mobilis");
			default -> this.operator.equals("Ooredoo");
		};
	}

	boolean admits(BigDecimal amount) {
		return amount.compareTo(this.least) >= 0 && amount.compareTo(this.most) <= 0;
	}

	BigDecimal charge(BigDecimal amount) {
		return (this.cost == null) ? amount : amount.multiply(this.cost).setScale(2, RoundingMode.HALF_UP);
	}

	private static Plan dynamic(String code, String operator, @Nullable String cost, int least, int most) {
		return new Plan(code, code, operator, (cost != null) ? new BigDecimal(cost) : null, BigDecimal.valueOf(least),
				BigDecimal.valueOf(most), false, true);
	}

	private static Plan fixed(String code, String operator, int amount) {
		BigDecimal face = BigDecimal.valueOf(amount);
		return new Plan(code, code, operator, new BigDecimal("0.98"), face, face, true, true);
	}

	private Plan withdrawn() {
		return new Plan(this.code, this.name, this.operator, this.cost, this.least, this.most, this.fixed, false);
	}

}
