package dz.flexy.gateway.simulator;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import reactor.core.publisher.Flux;

/**
 * The bytes of an answer. Immutable; each subscription starts anew.
 */
sealed interface Body {

	long length();

	/** The first half of it, as another body. */
	Body half();

	/** All of it, as fast as it is taken. */
	Flux<ByteBuf> bytes();

	/** All of it, in the pieces that a slow line would carry. */
	Flux<ByteBuf> drops();

	record Text(String text) implements Body {

		@Override
		public long length() {
			return encoded().length;
		}

		@Override
		public Body half() {
			return new Text(this.text.substring(0, this.text.length() / 2));
		}

		@Override
		public Flux<ByteBuf> bytes() {
			return Flux.just(Unpooled.wrappedBuffer(encoded()));
		}

		@Override
		public Flux<ByteBuf> drops() {
			byte[] encoded = encoded();
			return Flux.range(0, encoded.length).map((index) -> Unpooled.wrappedBuffer(new byte[] { encoded[index] }));
		}

		private byte[] encoded() {
			return this.text.getBytes(StandardCharsets.UTF_8);
		}

	}

	/**
	 * A binary file that is made while it is sent, so that its length costs no memory. It
	 * begins like a PDF; each later byte is told by its position.
	 */
	record Filler(long length) implements Body {

		private static final int CHUNK = 64 * 1024;

		private static final byte[] HEAD = "%PDF-1.4\n".getBytes(StandardCharsets.US_ASCII);

		static byte at(long position) {
			return (position < HEAD.length) ? HEAD[(int) position] : (byte) (position * 31 + position / 251);
		}

		@Override
		public Body half() {
			return new Filler(this.length / 2);
		}

		@Override
		public Flux<ByteBuf> bytes() {
			return Flux.generate(() -> 0L, (position, sink) -> {
				long size = Math.min(CHUNK, this.length - position);
				if (size <= 0) {
					sink.complete();
					return position;
				}
				sink.next(Unpooled.wrappedBuffer(chunk(position, (int) size)));
				return position + size;
			});
		}

		@Override
		public Flux<ByteBuf> drops() {
			return bytes();
		}

		private static byte[] chunk(long position, int size) {
			byte[] chunk = new byte[size];
			for (int i = 0; i < size; i++) {
				chunk[i] = at(position + i);
			}
			return chunk;
		}

	}

}
