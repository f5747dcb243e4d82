package dz.flexy.gateway.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A small disk in memory that can be filled up. Only root may make one; for others it is
 * an ordinary directory, which cannot.
 */
final class Disk implements AutoCloseable {

	private static final int MEGABYTE = 1024 * 1024;

	private final Path directory;

	private final boolean small;

	private final Thread atExit = new Thread(this::unmount);

	Disk(Path directory) {
		this.directory = directory;
		this.small = run("mount -t tmpfs -o size=1g,mode=0755 tmpfs " + directory) == 0;
		if (this.small) {
			Runtime.getRuntime().addShutdownHook(this.atExit);
		}
	}

	boolean canBeFull() {
		return this.small;
	}

	Path path() {
		return this.directory;
	}

	/** Leaves not a byte for that long. */
	void fill(Duration duration) {
		Path ballast = this.directory.resolve("ballast");
		try {
			try (OutputStream out = Files.newOutputStream(ballast)) {
				byte[] zeros = new byte[MEGABYTE];
				for (int i = 0; i < Integer.MAX_VALUE; i++) {
					out.write(zeros);
				}
			}
			catch (IOException full) {
				Patience.pause(duration);
			}
			Files.delete(ballast);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		if (this.small) {
			Runtime.getRuntime().removeShutdownHook(this.atExit);
			unmount();
		}
	}

	private void unmount() {
		run("umount -l " + this.directory);
	}

	private static int run(String command) {
		try {
			return new ProcessBuilder("sh", "-c", command + " 2>/dev/null").start().waitFor();
		}
		catch (IOException ex) {
			return -1;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return -1;
		}
	}

}
