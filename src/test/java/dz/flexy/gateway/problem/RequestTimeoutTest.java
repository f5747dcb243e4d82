package dz.flexy.gateway.problem;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RequestTimeoutTest {

	private static final long NOTHING_SCHEDULED = -1;

	private final EmbeddedChannel connection = new EmbeddedChannel(new HttpRequestDecoder(),
			new RequestTimeout.Guard(Duration.ofSeconds(40)));

	@AfterEach
	void close() {
		this.connection.finishAndReleaseAll();
	}

	@Test
	void keepsNothingOfARequestWithoutABody() {
		says("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		says("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

		assertThat(this.connection.runScheduledPendingTasks()).isEqualTo(NOTHING_SCHEDULED);
	}

	@Test
	void keepsNothingOnceABodyHasEnded() {
		says("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}");
		says("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");

		assertThat(this.connection.runScheduledPendingTasks()).isEqualTo(NOTHING_SCHEDULED);
	}

	@Test
	void closesTheConnectionOfABodyThatDoesNotEnd() {
		says("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
		says("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");

		pass(39);
		assertThat(this.connection.isOpen()).isTrue();

		pass(1);
		assertThat(this.connection.isOpen()).isFalse();
	}

	@Test
	void keepsNothingOfAConnectionThatIsGone() {
		says("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{");
		this.connection.close();

		assertThat(this.connection.runScheduledPendingTasks()).isEqualTo(NOTHING_SCHEDULED);
	}

	private void says(String bytes) {
		this.connection.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
	}

	private void pass(long seconds) {
		this.connection.advanceTimeBy(seconds, TimeUnit.SECONDS);
		this.connection.runScheduledPendingTasks();
	}

}
