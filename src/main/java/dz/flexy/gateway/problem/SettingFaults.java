package dz.flexy.gateway.problem;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with settings, so that one start tells it all. */
public final class SettingFaults {

	private final Set<SettingFault> found = new LinkedHashSet<>();

	/**
	 * Demands something of a setting.
	 * @param good whether it is so
	 * @param setting the property's full name
	 * @param reason what was expected; never the value of a secret
	 */
	public void demand(boolean good, String setting, String reason) {
		if (!good) {
			this.found.add(new SettingFault(setting, reason));
		}
	}

	/**
	 * Takes over what a check finds.
	 * @param check fails with {@link InvalidSetting} or does not
	 */
	public void collect(Runnable check) {
		try {
			check.run();
		}
		catch (InvalidSetting invalid) {
			this.found.addAll(invalid.faults());
		}
	}

	/**
	 * Takes a value, or takes over what is wrong with it.
	 * @param <T> its type
	 * @param value fails with {@link InvalidSetting} or does not
	 * @return the value; empty if it is wrong
	 */
	public <T> Optional<T> read(Supplier<T> value) {
		AtomicReference<@Nullable T> good = new AtomicReference<>();
		collect(() -> good.set(value.get()));
		return Optional.ofNullable(good.get());
	}

	/**
	 * Tells of what was found.
	 * @throws InvalidSetting if anything was
	 */
	public void raise() {
		if (!this.found.isEmpty()) {
			List<SettingFault> all = new ArrayList<>(this.found);
			throw new InvalidSetting(all);
		}
	}

}
