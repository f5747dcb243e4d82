package dz.flexy.gateway.simulator;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Serves the simulator's own paths and hands everything else on.
 */
final class ControlDesk implements Listener.Desk {

	private final FrontDesk next;

	private final Clock clock;

	private final List<Route> routes;

	ControlDesk(FrontDesk next, Keys keys, Clock clock) {
		this.next = next;
		this.clock = clock;
		this.routes = new ControlRoutes(keys, next).all();
	}

	@Override
	public Answer answer(Call call) {
		return call.path().startsWith(ControlRoutes.PREFIX) ? control(call) : this.next.answer(call);
	}

	private Answer control(Call call) {
		Scene scene = Scene.of(this.clock.instant(), "control", new Drift());
		try {
			return Routed.find(this.routes, call)
				.map((routed) -> routed.route().handler().serve(new Visit(call, Map.of(), null, scene)))
				.map((reply) -> Envelope.success(reply, scene))
				.orElseGet(() -> Envelope.router(404, "Not Found", "No such control path"));
		}
		catch (Refused ex) {
			return Envelope.failure(ex, scene);
		}
	}

}
