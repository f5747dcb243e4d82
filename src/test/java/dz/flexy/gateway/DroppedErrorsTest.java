package dz.flexy.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

@Isolated("reads the log of the whole process")
class DroppedErrorsTest {

	private static final Duration PATIENCE = GatewayUnderTest.patience();

	private static final String DROPPED = "dz.flexy.gateway.problem.DroppedErrors ";

	private GatewayUnderTest gateway;

	private CapturedLog log;

	@BeforeEach
	void start() {
		this.gateway = GatewayUnderTest.start();
		this.log = new CapturedLog("dz.flexy.gateway.problem");
	}

	@AfterEach
	void close() {
		this.log.close();
		this.gateway.close();
	}

	@Test
	void aCallerWhoLeavesInTheMiddleOfHisRequestIsNoErrorOfOurs() {
		Mono.fromRunnable(this::leave)
			.subscribeOn(Schedulers.boundedElastic())
			.repeat()
			.takeUntilOther(this.log.first((line) -> line.startsWith(DROPPED)))
			.blockLast(PATIENCE);

		assertThat(this.log.lines()).filteredOn((line) -> line.startsWith(DROPPED))
			.isNotEmpty()
			.allMatch((line) -> line.contains("a connection was closed"));
		assertThat(this.log.lines()).noneMatch((line) -> line.startsWith("reactor.core.publisher.Operators"));
	}

	@Test
	void whatElseIsDroppedIsToldWithItsStack() {
		Operators.onErrorDropped(new IllegalStateException("ours"), Context.empty());

		assertThat(this.log.first((line) -> line.startsWith(DROPPED)).block(PATIENCE))
			.contains("IllegalStateException: ours")
			.contains("whatElseIsDroppedIsToldWithItsStack");
	}

	private void leave() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.gateway.uri().getPort())) {
			socket.setSoLinger(true, 0);
			socket.getOutputStream().write(("""
					POST /v3/internet/send HTTP/1.1\r
					Host: gateway\r
					X-Access-Token: %s\r
					Content-Type: application/json\r
					Content-Length: 100\r
					\r
					{""".formatted(GatewayUnderTest.KEY)).getBytes(StandardCharsets.UTF_8));
			Thread.yield();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
