package dz.flexy.gateway.simulator;

/**
 * What a key may do. A read-only key is refused on every POST.
 */
public enum KeyScope {

	READ_WRITE("READ-WRITE"), READ_ONLY("READ-ONLY");

	private final String wire;

	KeyScope(String wire) {
		this.wire = wire;
	}

	String wire() {
		return this.wire;
	}

}
