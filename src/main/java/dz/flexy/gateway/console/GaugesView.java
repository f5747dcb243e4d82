package dz.flexy.gateway.console;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dz.flexy.gateway.account.SendStop;
import dz.flexy.gateway.account.Standing;
import dz.flexy.gateway.breaker.BreakerReport;
import dz.flexy.gateway.budget.BudgetGauge;
import dz.flexy.gateway.budget.LaneGauge;
import dz.flexy.gateway.orders.Order;
import dz.flexy.gateway.polling.SweepReport;
import dz.flexy.gateway.problem.Envelope;
import org.jspecify.annotations.Nullable;

/** The board's figures as JSON. Times in milliseconds where a name ends so. */
final class GaugesView {

	private GaugesView() {
	}

	static Map<String, Object> account(BudgetGauge budget, Standing standing, Optional<SendStop> stop,
			List<BreakerReport> breakers, List<SweepReport> sweeps) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("account", budget.account().value());
		standing(view, standing);
		view.put("sendsStoppedSince", text(stop.map(SendStop::since)));
		view.put("limit", budget.limit());
		view.put("windowMillis", budget.window().toMillis());
		view.put("used", budget.used());
		view.put("left", budget.left());
		view.put("endsAt", text(budget.ends()));
		view.put("blockedUntil", text(budget.blockedUntil()));
		view.put("lanes", budget.lanes().stream().map(GaugesView::lane).toList());
		view.put("breakers", breakers.stream().map(GaugesView::breaker).toList());
		view.put("sweeps", sweeps.stream().map(GaugesView::sweep).toList());
		return view;
	}

	static Map<String, Object> unsettled(long count, int most, List<Order> newest, boolean whose) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("count", count);
		view.put("more", count >= most);
		view.put("orders", newest.stream().map((order) -> order(order, whose)).toList());
		return view;
	}

	static Map<String, Object> minutes(Minutes minutes) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("from", Envelope.timestamp(minutes.from()));
		view.put("counts", minutes.counts());
		return view;
	}

	private static void standing(Map<String, Object> view, Standing standing) {
		switch (standing) {
			case Standing.Unverified() -> view.put("standing", "UNVERIFIED");
			case Standing.Active active -> view.put("standing", active.readOnly() ? "READ_ONLY" : "ACTIVE");
			case Standing.Stopped stopped -> {
				view.put("standing", "STOPPED");
				view.put("standingReason", stopped.reason());
				view.put("standingUntil", Envelope.timestamp(stopped.until()));
			}
		}
	}

	private static Map<String, Object> lane(LaneGauge lane) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("lane", lane.lane().label());
		view.put("share", lane.share());
		view.put("waiting", lane.waiting());
		view.put("taken", lane.taken());
		view.put("dueMillis", lane.due().toMillis());
		return view;
	}

	private static Map<String, Object> breaker(BreakerReport breaker) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("family", breaker.family());
		view.put("side", breaker.side());
		view.put("state", breaker.state());
		view.put("calls", breaker.calls());
		view.put("failed", breaker.failed());
		view.put("since", Envelope.timestamp(breaker.since()));
		return view;
	}

	private static Map<String, Object> sweep(SweepReport sweep) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("family", sweep.family().label());
		view.put("endedAt", Envelope.timestamp(sweep.ended()));
		view.put("tookMillis", sweep.took().toMillis());
		view.put("due", sweep.due());
		view.put("changed", sweep.changed());
		view.put("failed", sweep.failed());
		view.put("dropped", sweep.dropped());
		return view;
	}

	private static Map<String, Object> order(Order order, boolean whose) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("orderId", order.id().value());
		view.put("ref", order.ref());
		if (whose) {
			view.put("caller", order.caller().value());
		}
		view.put("family", order.family().label());
		view.put("product", order.item().product());
		view.put("state", order.state().name());
		view.put("acceptedAt", Envelope.timestamp(order.acceptedAt()));
		view.put("attention", order.flag());
		return view;
	}

	private static @Nullable String text(Optional<Instant> instant) {
		return instant.map(Envelope::timestamp).orElse(null);
	}

}
