package dz.flexy.gateway.upstream;

import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;

/** An answer of the upstream's as it came. */
public sealed interface Reply {

	/**
	 * HTTP status.
	 * @return 200 to 599
	 */
	int status();

	/**
	 * All its headers, those for this connection alone too.
	 * @return not to be changed
	 */
	HttpHeaders headers();

	/**
	 * The upstream's envelope, read to its end.
	 *
	 * @param status HTTP status
	 * @param headers all its headers
	 * @param json the envelope, 2 MiB at most
	 */
	record Whole(int status, HttpHeaders headers, Bytes json) implements Reply {

		/**
		 * The same answer with another envelope.
		 * @param json its bytes
		 * @return a copy
		 */
		public Whole with(byte[] json) {
			return new Whole(this.status, this.headers, new Bytes(json));
		}

	}

	/**
	 * A file that is still arriving.
	 *
	 * @param status HTTP status, 200
	 * @param headers all its headers
	 * @param chunks to be subscribed to once and at once: the connection is held until
	 * then. Asks the upstream for no more than is asked of it; fails if the upstream
	 * breaks off, sends nothing for {@code gateway.upstream.response-timeout}, more than
	 * 64 MiB, or for longer than five minutes; cancelling closes the connection
	 */
	record Live(int status, HttpHeaders headers, Flux<DataBuffer> chunks) implements Reply {
	}

	/** A body; may hold anything, so it is not printed. */
	final class Bytes {

		private final byte[] bytes;

		Bytes(byte[] bytes) {
			this.bytes = bytes;
		}

		/**
		 * The bytes themselves, not to be changed.
		 * @return as they came
		 */
		public byte[] bytes() {
			return this.bytes;
		}

	}

}
