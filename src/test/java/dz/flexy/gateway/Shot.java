package dz.flexy.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A request as it goes over the wire, well-formed or not. All text goes out in Latin 1.
 *
 * @param key of a caller, empty for none
 * @param headers whole lines
 * @param order what stands in the body before it is framed
 */
record Shot(String method, String target, String version, String key, List<String> headers, byte[] order,
		Framing framing) {

	/** How the end of the body is told. */
	enum Framing {

		LENGTH("Content-Length: %d"), CHUNKS("Transfer-Encoding: chunked"),
		TWO_LENGTHS("Content-Length: %d\r\nContent-Length: %d"),
		OTHER_LENGTH("Content-Length: %d\r\nContent-Length: 3"), LENGTH_LIST("Content-Length: %d, 5"),
		LENGTH_AND_CHUNKS("Content-Length: %d\r\nTransfer-Encoding: chunked"),
		CHUNKS_AND_LENGTH("Transfer-Encoding: chunked\r\nContent-Length: 4"),
		SPACED_CHUNKS("Content-Length: %d\r\nTransfer-Encoding : chunked"),
		OTHER_CODING("Transfer-Encoding: chunked, identity"), UNKNOWN_CODING("Transfer-Encoding: xchunked"),
		NEGATIVE("Content-Length: -1"), SIGNED("Content-Length: +%d"), HUGE("Content-Length: 99999999999999999999"),
		FOLDED("Content-Length:\r\n %d"), TOO_LONG("Content-Length: 60000"), TOO_SHORT("Content-Length: 2"),
		BAD_CHUNK("Transfer-Encoding: chunked"), NO_LAST_CHUNK("Transfer-Encoding: chunked"), NONE("X-Framing: none");

		private final String lines;

		Framing(String lines) {
			this.lines = lines;
		}

		boolean isSound() {
			return this == LENGTH || this == CHUNKS;
		}

	}

	/** With these the gateway may keep the connection or wait for more. */
	private static final Set<String> OF_THE_CONNECTION = Set.of("connection", "upgrade", "expect", "content-length",
			"transfer-encoding", "http2-settings");

	byte[] bytes() {
		StringBuilder head = new StringBuilder();
		head.append(this.method).append(' ').append(this.target).append(' ').append(this.version).append("\r\n");
		head.append("Host: localhost\r\nConnection: close\r\n");
		if (!this.key.isEmpty()) {
			head.append("X-Access-Token: ").append(this.key).append("\r\n");
		}
		this.headers.forEach((line) -> head.append(line).append("\r\n"));
		head.append(this.framing.lines.formatted(this.order.length, this.order.length)).append("\r\n\r\n");
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(latin(head.toString()));
		writeBody(bytes);
		return bytes.toByteArray();
	}

	/** Whether there is one answer and then the end of the connection. */
	boolean isSound() {
		return this.framing.isSound() && this.version.equals("HTTP/1.1") && isLine(this.target) && isLine(this.method)
				&& this.headers.stream().allMatch(Shot::isUsual);
	}

	/** The target without its query. */
	String path() {
		return this.target.split("\\?", 2)[0];
	}

	String text() {
		return this.target + this.headers + new String(this.order, StandardCharsets.UTF_8);
	}

	private void writeBody(ByteArrayOutputStream bytes) {
		switch (this.framing) {
			case CHUNKS, LENGTH_AND_CHUNKS, CHUNKS_AND_LENGTH, OTHER_CODING, SPACED_CHUNKS -> {
				writeChunk(bytes);
				bytes.writeBytes(latin("0\r\n\r\n"));
			}
			case NO_LAST_CHUNK -> writeChunk(bytes);
			case BAD_CHUNK -> {
				writeChunk(bytes);
				bytes.writeBytes(latin("-zz\r\n"));
			}
			default -> bytes.writeBytes(this.order);
		}
	}

	private void writeChunk(ByteArrayOutputStream bytes) {
		if (this.order.length > 0) {
			bytes.writeBytes(latin(Integer.toHexString(this.order.length) + "\r\n"));
			bytes.writeBytes(this.order);
			bytes.writeBytes(latin("\r\n"));
		}
	}

	private static boolean isUsual(String line) {
		int colon = line.indexOf(':');
		return colon > 0 && isLine(line.replace(": ", ":"))
				&& !OF_THE_CONNECTION.contains(line.substring(0, colon).toLowerCase(Locale.ROOT));
	}

	private static boolean isLine(String text) {
		return text.chars().allMatch((c) -> c > ' ' && c < 127);
	}

	private static byte[] latin(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	@Override
	public String toString() {
		String bytes = new String(bytes(), StandardCharsets.ISO_8859_1);
		return (bytes.length() > 2000) ? bytes.substring(0, 2000) + "... " + bytes.length() : bytes;
	}

}
