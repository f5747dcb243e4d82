package dz.flexy.gateway.callers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

import dz.flexy.gateway.problem.InvalidSetting;

/**
 * Whose key is whose. Each look-up compares every digest once, so that its duration tells
 * neither whether a key is known nor where it stands.
 */
final class KeyRing {

	private final List<Entry> entries = new ArrayList<>();

	private final BiPredicate<KeyDigest, KeyDigest> same;

	KeyRing() {
		this(KeyDigest::matches);
	}

	KeyRing(BiPredicate<KeyDigest, KeyDigest> same) {
		this.same = same;
	}

	/**
	 * Adds a caller's further key.
	 * @param setting where the digest was found
	 * @throws InvalidSetting if the ring has it, whoever's it is
	 */
	void add(String setting, KeyDigest digest, Caller caller) {
		for (Entry entry : this.entries) {
			if (entry.digest().matches(digest)) {
				throw new InvalidSetting(setting, "is the same key as " + entry.setting());
			}
		}
		this.entries.add(new Entry(setting, digest, caller));
	}

	Optional<Caller> find(KeyDigest presented) {
		Caller found = null;
		for (Entry entry : this.entries) {
			if (this.same.test(entry.digest(), presented)) {
				found = entry.caller();
			}
		}
		return Optional.ofNullable(found);
	}

	private record Entry(String setting, KeyDigest digest, Caller caller) {
	}

}
