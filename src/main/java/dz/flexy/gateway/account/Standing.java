package dz.flexy.gateway.account;

import java.time.Instant;
import java.util.List;

/** Whether an account may be used. */
public sealed interface Standing {

	/** Every {@link #label}. */
	List<String> LABELS = List.of("active", "read-only", "unverified", "stopped");

	/**
	 * Lower-case name for tags and JSON.
	 * @return one of {@link #LABELS}
	 */
	default String label() {
		return switch (this) {
			case Active active -> active.readOnly() ? "read-only" : "active";
			case Unverified unverified -> "unverified";
			case Stopped stopped -> "stopped";
		};
	}

	/** Nobody asked the upstream about the key yet, or a stop has run out. */
	record Unverified() implements Standing {
	}

	/**
	 * The upstream knows the key.
	 *
	 * @param username the upstream's name of the account, part of its references
	 * @param readOnly whether sends would be refused
	 */
	record Active(String username, boolean readOnly) implements Standing {
	}

	/**
	 * The upstream refused the key; calling again would bring an address block closer.
	 *
	 * @param reason the upstream's code, or what contradicts the settings
	 * @param until when it may be asked once more
	 */
	record Stopped(String reason, Instant until) implements Standing {
	}

}
