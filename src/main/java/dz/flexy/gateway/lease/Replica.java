package dz.flexy.gateway.lease;

import java.security.SecureRandom;
import java.util.HexFormat;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** This process among its like; a restart is another one. */
@Component
class Replica {

	private final String id;

	@Autowired
	Replica(SecureRandom random) {
		this(HexFormat.of().formatHex(bytes(random)));
	}

	Replica(String id) {
		this.id = id;
	}

	private static byte[] bytes(SecureRandom random) {
		byte[] bytes = new byte[8];
		random.nextBytes(bytes);
		return bytes;
	}

	String id() {
		return this.id;
	}

}
