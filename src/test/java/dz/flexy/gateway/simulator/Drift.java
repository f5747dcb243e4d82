package dz.flexy.gateway.simulator;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The switches for {@linkplain Quirk published drift}. All are off at first; each may be
 * turned while requests are being answered.
 */
public final class Drift {

	private final Set<Quirk> active = ConcurrentHashMap.newKeySet();

	Drift() {
	}

	public Drift on(Quirk... quirks) {
		this.active.addAll(List.of(quirks));
		return this;
	}

	public Drift off(Quirk... quirks) {
		List.of(quirks).forEach(this.active::remove);
		return this;
	}

	public boolean has(Quirk quirk) {
		return this.active.contains(quirk);
	}

	public void clear() {
		this.active.clear();
	}

}
