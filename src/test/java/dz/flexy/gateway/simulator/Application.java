package dz.flexy.gateway.simulator;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What stands behind the rate limit: key check, lock-out, then the route.
 */
final class Application {

	private final Keys keys;

	private final LockOut lockOut;

	Application(Keys keys, LockOut lockOut) {
		this.keys = keys;
		this.lockOut = lockOut;
	}

	Answer serve(Call call, Optional<Routed> routed, Scene scene) {
		if (routed.isEmpty()) {
			return Envelope.router(404, "Not Found", "Route " + call.method() + ":" + call.path() + " not found");
		}
		try {
			return Envelope.success(reply(call, routed.get(), scene), scene);
		}
		catch (Refused ex) {
			return Envelope.failure(ex, scene);
		}
	}

	private Reply reply(Call call, Routed routed, Scene scene) {
		AccessKey key = routed.route().open() ? null : admitted(call, scene);
		return routed.route().handler().serve(new Visit(call, routed.values(), key, scene));
	}

	private AccessKey admitted(Call call, Scene scene) {
		if (this.lockOut.blocks(call.address(), scene.now())) {
			throw new Refused(403, "IP_BLOCKED", "Too many failed attempts from this address");
		}
		AccessKey key = present(call.key(), scene).filter((found) -> !found.isRevoked())
			.orElseThrow(() -> rejected(call, scene));
		key.check(call);
		return key;
	}

	private Optional<AccessKey> present(@Nullable String text, Scene scene) {
		if (text == null || text.isEmpty()) {
			int status = scene.drift().has(Quirk.MISSING_KEY_IS_400) ? 400 : 401;
			throw new Refused(status, "MISSING_ACCESS_TOKEN", "Access token is missing");
		}
		return this.keys.find(text);
	}

	private Refused rejected(Call call, Scene scene) {
		int left = this.lockOut.rejected(call.address(), scene.now());
		return new Refused(401, "INVALID_ACCESS_TOKEN", "Access token is invalid",
				Json.object().put("attemptsLeft", left));
	}

}
