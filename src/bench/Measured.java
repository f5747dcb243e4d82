import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the kernel knows of processes. */
record Measured(List<Long> pids) {

	private static final long TICKS_A_SECOND = 100;

	static Measured of(Process process) {
		return new Measured(List.of(process.pid()));
	}

	/** Without what is shared with others, in kB. */
	long memory() throws IOException {
		long total = 0;
		for (long pid : this.pids) {
			for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
				total += line.startsWith("Pss:") ? Long.parseLong(line.replaceAll("\\D", "")) : 0;
			}
		}
		return total;
	}

	/** As {@code ps} and Kubernetes tell it, in kB. */
	long resident() throws IOException {
		long total = 0;
		for (long pid : this.pids) {
			for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
				total += line.startsWith("VmRSS:") ? Long.parseLong(line.replaceAll("\\D", "")) : 0;
			}
		}
		return total;
	}

	/** In % of one core over a time. */
	double cpu(Duration time) throws Exception {
		long begun = System.nanoTime();
		long before = ticks();
		Thread.sleep(time);
		return 100.0 * (ticks() - before) / TICKS_A_SECOND / ((System.nanoTime() - begun) / 1e9);
	}

	private long ticks() throws IOException {
		long total = 0;
		for (long pid : this.pids) {
			String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
			total += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
		}
		return total;
	}

}
