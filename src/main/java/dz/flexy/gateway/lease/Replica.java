package dz.flexy.gateway.lease;

import java.security.SecureRandom;
import java.util.HexFormat;

import org.springframework.stereotype.Component;

/** This process among its like; a restart is another one. */
@Component
class Replica {

	private final String id;

	Replica(SecureRandom random) {
		byte[] bytes = new byte[8];
		random.nextBytes(bytes);
		this.id = HexFormat.of().formatHex(bytes);
	}

	String id() {
		return this.id;
	}

}
