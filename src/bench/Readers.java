import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Many connections that read event streams, all in one thread. */
final class Readers implements AutoCloseable {

	/** Heartbeats and HTTP's own framing are shorter, events longer. */
	private static final int SHORTEST_EVENT = 60;

	private static final int CONNECTING_AT_ONCE = 256;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final InetSocketAddress server;

	private final List<Reader> readers = new ArrayList<>();

	private final Semaphore connecting = new Semaphore(CONNECTING_AT_ONCE);

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);

	private final AtomicInteger ended = new AtomicInteger();

	private final Selector selector;

	private final Thread thread = new Thread(this::read, "readers");

	private volatile boolean closed;

	private long[] latencies = new long[1024];

	private int count;

	Readers(InetSocketAddress server) throws IOException {
		this.server = server;
		this.selector = Selector.open();
		this.thread.setUncaughtExceptionHandler((thread, failure) -> {
			failure.printStackTrace();
			System.exit(1);
		});
		this.thread.start();
	}

	/**
	 * Opens connections and waits until each has got its first event, or for a stream that
	 * begins with none its head.
	 */
	Duration open(int count, IntFunction<String> request, int firstBytes) throws Exception {
		long begun = System.nanoTime();
		for (int i = 0; i < count; i++) {
			this.connecting.acquire();
			SocketChannel channel = SocketChannel.open();
			channel.configureBlocking(false);
			channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			Reader reader = new Reader(channel, request.apply(i), firstBytes);
			this.readers.add(reader);
			channel.connect(this.server);
			synchronized (this) {
				this.selector.wakeup();
				channel.register(this.selector, SelectionKey.OP_CONNECT, reader);
			}
		}
		this.connecting.acquire(CONNECTING_AT_ONCE);
		this.connecting.release(CONNECTING_AT_ONCE);
		return Duration.ofNanos(System.nanoTime() - begun);
	}

	/** From now on the next event of each of these readers is timed. */
	void expect(int from, int to, int step, long since) {
		for (int i = from; i < to; i += step) {
			this.readers.get(i).since = since;
		}
	}

	/** Waits until all that is expected is there. */
	void await() throws InterruptedException {
		long limit = System.nanoTime() + PATIENCE.toNanos();
		while (missing() > 0 && System.nanoTime() < limit) {
			Thread.sleep(10);
		}
	}

	long missing() {
		return this.readers.stream().filter((reader) -> reader.since != 0).count();
	}

	int ended() {
		return this.ended.get();
	}

	/** What was timed since the last call, sorted. */
	synchronized long[] latencies() {
		long[] all = Arrays.copyOf(this.latencies, this.count);
		this.count = 0;
		Arrays.sort(all);
		return all;
	}

	private void read() {
		try {
			while (!this.closed) {
				this.selector.select(this::ready, 1000);
				synchronized (this) {
					// Lets a registration in.
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void ready(SelectionKey key) {
		Reader reader = (Reader) key.attachment();
		try {
			if (key.isConnectable()) {
				reader.channel.finishConnect();
				key.interestOps(SelectionKey.OP_READ);
				reader.channel.write(ByteBuffer.wrap(reader.request.getBytes(StandardCharsets.US_ASCII)));
				return;
			}
			int bytes = reader.channel.read(this.buffer.clear());
			if (bytes < 0) {
				end(key, reader);
			}
			else {
				took(reader, bytes);
			}
		}
		catch (IOException ex) {
			end(key, reader);
		}
	}

	private void took(Reader reader, int bytes) {
		if (reader.toCome > 0) {
			check(bytes);
			reader.toCome -= bytes;
			if (reader.toCome <= 0) {
				this.connecting.release();
			}
		}
		else if (bytes >= SHORTEST_EVENT && reader.since != 0) {
			add(System.nanoTime() - reader.since);
			reader.since = 0;
		}
	}

	private void check(int bytes) {
		byte[] head = new byte[Math.min(bytes, 300)];
		this.buffer.flip().get(head);
		String text = new String(head, StandardCharsets.US_ASCII);
		if (text.startsWith("HTTP/1.1 ") && !text.startsWith("HTTP/1.1 200")) {
			throw new IllegalStateException(text);
		}
	}

	private synchronized void add(long nanos) {
		if (this.count == this.latencies.length) {
			this.latencies = Arrays.copyOf(this.latencies, 2 * this.count);
		}
		this.latencies[this.count++] = nanos;
	}

	private void end(SelectionKey key, Reader reader) {
		key.cancel();
		this.ended.incrementAndGet();
		try {
			reader.channel.close();
		}
		catch (IOException ignored) {
			// It is over in any case.
		}
	}

	@Override
	public void close() throws Exception {
		this.closed = true;
		this.selector.wakeup();
		this.thread.join();
		for (Reader reader : this.readers) {
			reader.channel.close();
		}
		this.selector.close();
	}

	private static final class Reader {

		private final SocketChannel channel;

		private final String request;

		private int toCome;

		private volatile long since;

		Reader(SocketChannel channel, String request, int toCome) {
			this.channel = channel;
			this.request = request;
			this.toCome = toCome;
		}

	}

}
