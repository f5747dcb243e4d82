package dz.flexy.gateway.catalog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;
import dz.flexy.gateway.upstream.Plan;
import dz.flexy.gateway.upstream.Plans;
import org.jspecify.annotations.Nullable;

/**
 * The mobile plans and what they say of an order. An empty list refuses nothing, nor does
 * one that could not be read in full say that a plan is unknown. Whether the number is
 * one of the plan's operator is not looked at: numbers move between operators.
 */
record PlanList(Plans plans) {

	private static final String BILL = "FACTURE_";

	private static final String MENU = "GETMENU";

	/** A cost above this is a price and no multiplier, so it tells nothing. */
	private static final BigDecimal LARGEST_MULTIPLIER = BigDecimal.TWO;

	private static final int CENTIMES = 2;

	/** What is known of an order for a plan, without a refusal. */
	PlanOffer offer(String code, Optional<BigDecimal> asked) {
		Optional<Plan> plan = find(code);
		Optional<BigDecimal> amount = asksForMenu(code) ? Optional.of(BigDecimal.ZERO)
				: plan.flatMap((known) -> amount(known, asked));
		return new PlanOffer(amount, plan.flatMap(PlanList::multiplier)
			.flatMap((multiplier) -> amount.map((face) -> cost(face, multiplier))), Optional.empty());
	}

	/**
	 * Why this list says that the plan can't be bought with that amount. Bills and menus
	 * are the upstream's to judge.
	 */
	Optional<Problem> refusal(String code, Optional<BigDecimal> amount) {
		if (code.startsWith(BILL) || asksForMenu(code)) {
			return Optional.empty();
		}
		Optional<Plan> plan = find(code);
		if (plan.isEmpty()) {
			boolean certain = this.plans.complete() && !this.plans.rows().isEmpty();
			return certain ? Optional.of(ofCode("there is no such plan", code)) : Optional.empty();
		}
		return plan.get().enabled() ? amountRefusal(plan.get(), amount)
				: Optional.of(ofCode("the plan is disabled", code));
	}

	/** Its only amount is 0, whatever is known of the plan. */
	static boolean asksForMenu(String code) {
		return code.startsWith(MENU);
	}

	private Optional<Plan> find(String code) {
		return this.plans.rows().stream().filter((plan) -> plan.code().equals(code)).findFirst();
	}

	private static Optional<BigDecimal> amount(Plan plan, Optional<BigDecimal> asked) {
		return plan.fixed() ? Optional.ofNullable(plan.amount()).or(() -> asked)
				: asked.map((amount) -> isWhole(amount) ? amount.setScale(0) : amount);
	}

	private static Optional<BigDecimal> multiplier(Plan plan) {
		return Optional.ofNullable(plan.cost())
			.filter((cost) -> cost.signum() > 0 && cost.compareTo(LARGEST_MULTIPLIER) <= 0);
	}

	private static BigDecimal cost(BigDecimal amount, BigDecimal multiplier) {
		return amount.multiply(multiplier).setScale(CENTIMES, RoundingMode.HALF_UP);
	}

	private static Optional<Problem> amountRefusal(Plan plan, Optional<BigDecimal> amount) {
		if (plan.fixed()) {
			return Optional.empty();
		}
		if (amount.isEmpty()) {
			return Optional.of(ofAmount("amount is required", plan, null));
		}
		BigDecimal asked = amount.get();
		if (!isWhole(asked)) {
			return Optional.of(ofAmount("amount must be whole", plan, asked));
		}
		boolean fits = (plan.least() == null || asked.compareTo(plan.least()) >= 0)
				&& (plan.most() == null || asked.compareTo(plan.most()) <= 0);
		return fits ? Optional.empty() : Optional.of(ofAmount("amount is out of the plan's range", plan, asked));
	}

	private static boolean isWhole(BigDecimal amount) {
		return amount.stripTrailingZeros().scale() <= 0;
	}

	private static Problem ofCode(String message, String code) {
		return Problem.of(ErrorCode.ERR_VALIDATION, message)
			.detail("field", "plan_code")
			.detail("value", code)
			.money(false, true);
	}

	private static Problem ofAmount(String message, Plan plan, @Nullable BigDecimal amount) {
		return Problem.of(ErrorCode.ERR_VALIDATION, message)
			.detail("field", "amount")
			.detail("value", amount)
			.detail("min", plan.least())
			.detail("max", plan.most())
			.money(false, true);
	}

}
