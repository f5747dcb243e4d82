package dz.flexy.gateway.callers;

/**
 * Name of a caller, as in {@code gateway.callers.<name>}.
 *
 * @param value the name
 */
public record CallerId(String value) {

	@Override
	public String toString() {
		return this.value;
	}

}
