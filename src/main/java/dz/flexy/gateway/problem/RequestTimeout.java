package dz.flexy.gateway.problem;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;

/**
 * Closes the connection of a request whose body does not end in time; an answer may take
 * as long as it likes. Only a request that announces a body has a timer: the server's own
 * request timeout keeps one for every request, with all that the request holds, until the
 * time is over.
 */
@Component
@EnableConfigurationProperties(RequestProperties.class)
class RequestTimeout implements NettyServerCustomizer {

	private final RequestProperties properties;

	RequestTimeout(RequestProperties properties) {
		this.properties = properties;
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((observer, channel, remote) -> channel.pipeline()
			.addBefore(NettyPipeline.HttpTrafficHandler, "gateway.requestTimeout",
					new Guard(this.properties.timeout())));
	}

	/** One for each connection. */
	static final class Guard extends ChannelInboundHandlerAdapter {

		private final Duration timeout;

		private @Nullable Future<?> end;

		Guard(Duration timeout) {
			this.timeout = timeout;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (message instanceof LastHttpContent) {
				forget();
			}
			else if (message instanceof HttpRequest request && hasBody(request)) {
				this.end = context.executor().schedule(() -> {
					ChannelFuture unused = context.close();
				}, this.timeout.toMillis(), TimeUnit.MILLISECONDS);
			}
			context.fireChannelRead(message);
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			forget();
			context.fireChannelInactive();
		}

		private void forget() {
			if (this.end != null) {
				this.end.cancel(false);
				this.end = null;
			}
		}

		private static boolean hasBody(HttpRequest request) {
			String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH, "0");
			return HttpUtil.isTransferEncodingChunked(request) || !length.equals("0");
		}

	}

}
