package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Ports that stay free while nobody listens on them, for what is stopped and started
 * again. The system gives none of them to who asks for any port or connects somewhere:
 * those begin at 32768.
 */
public final class FreePort {

	private static final int FIRST = 20_000;

	private static final int COUNT = 12_000;

	/** Another process that runs tests begins elsewhere. */
	private static final AtomicInteger NEXT = new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

	private FreePort() {
	}

	/** One that this process has not been given before. */
	public static int next() {
		return IntStream.range(0, COUNT)
			.map((tried) -> FIRST + NEXT.getAndIncrement() % COUNT)
			.filter(FreePort::isFree)
			.findFirst()
			.orElseThrow();
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port)) {
			return socket.isBound();
		}
		catch (BindException taken) {
			return false;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
