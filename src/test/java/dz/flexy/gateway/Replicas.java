package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Some gateway processes with the same settings, so on one database. */
final class Replicas implements AutoCloseable {

	/** Three, unless a run says otherwise: one shows what is the replicas' doing. */
	static final int COUNT = Integer.getInteger("gateway.replicas", 3);

	private final List<GatewayProcess> processes;

	Replicas(GatewaySettings settings, Path directory) {
		this.processes = IntStream.range(0, COUNT)
			.mapToObj((i) -> GatewayProcess.ofClasses(settings, created(directory.resolve("replica-" + i))))
			.toList();
	}

	/**
	 * Starts the first one alone, so that it has the leases when the others come, and
	 * waits until all are ready.
	 */
	void start() {
		first().start();
		Flux.fromIterable(this.processes.subList(1, COUNT))
			.flatMap((process) -> Mono.fromRunnable(process::start).subscribeOn(Schedulers.boundedElastic()))
			.blockLast();
	}

	GatewayProcess first() {
		return this.processes.getFirst();
	}

	/** The first one, if it is the only one. */
	GatewayProcess last() {
		return this.processes.getLast();
	}

	List<URI> uris() {
		return this.processes.stream().map(GatewayProcess::uri).toList();
	}

	List<GatewayProcess> all() {
		return this.processes;
	}

	@Override
	public void close() {
		this.processes.forEach(GatewayProcess::close);
	}

	private static Path created(Path directory) {
		try {
			return Files.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
