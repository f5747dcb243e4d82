package dz.flexy.gateway.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP connection's way from one process to another, which can go silent: both ends keep
 * their connections and hear nothing more of each other, as when a firewall has forgotten
 * them.
 */
final class Line implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();

	private volatile boolean silent;

	Line(int target) {
		this.target = target;
		try {
			this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread.ofVirtual().name("line").start(this::listen);
	}

	private record Pair(Socket near, Socket far) {

		void close() {
			closeQuietly(this.near);
			closeQuietly(this.far);
		}

		private static void closeQuietly(Socket socket) {
			try {
				socket.close();
			}
			catch (IOException ignored) {
				// It is gone, which is all that is wanted.
			}
		}

	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Swallows everything for that long, new connections included; then those connections
	 * are closed, as by a keep-alive that was not answered.
	 */
	void goSilent(Duration duration) {
		this.silent = true;
		Patience.pause(duration);
		this.pairs.forEach(Pair::close);
		this.silent = false;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		this.pairs.forEach(Pair::close);
	}

	private void listen() {
		while (!this.server.isClosed()) {
			try {
				Socket near = this.server.accept();
				Thread.ofVirtual().start(() -> connect(near));
			}
			catch (IOException closed) {
				// Ends the loop if it was this socket.
			}
		}
	}

	private void connect(Socket near) {
		try {
			Pair pair = new Pair(near, new Socket(InetAddress.getLoopbackAddress(), this.target));
			near.setTcpNoDelay(true);
			pair.far().setTcpNoDelay(true);
			this.pairs.add(pair);
			Thread.ofVirtual().start(() -> carry(pair, pair.near(), pair.far()));
			carry(pair, pair.far(), pair.near());
		}
		catch (IOException refused) {
			new Pair(near, near).close();
		}
	}

	private void carry(Pair pair, Socket from, Socket to) {
		byte[] buffer = new byte[16_384];
		try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				if (!this.silent) {
					out.write(buffer, 0, count);
				}
			}
		}
		catch (IOException broken) {
			// Either end may go at any time.
		}
		finally {
			pair.close();
			this.pairs.remove(pair);
		}
	}

}
