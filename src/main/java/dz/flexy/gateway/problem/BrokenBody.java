package dz.flexy.gateway.problem;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;

/**
 * Closes the connection where a body breaks, such as at a chunk without a size, so that
 * its reader sees a caller who hung up. The server would refuse the request with an empty
 * 400 and yet hand on what had come of the body as if it were whole: an order would be
 * bought behind the refusal.
 */
@Component
class BrokenBody implements NettyServerCustomizer {

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((observer, channel, remote) -> channel.pipeline()
			.addBefore(NettyPipeline.HttpTrafficHandler, "gateway.brokenBody", new Guard()));
	}

	private static final class Guard extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (isBroken(message)) {
				ReferenceCountUtil.release(message);
				ChannelFuture unused = context.close();
			}
			else {
				context.fireChannelRead(message);
			}
		}

		private static boolean isBroken(Object message) {
			return message instanceof HttpContent content && !(message instanceof HttpRequest)
					&& content.decoderResult().isFailure();
		}

	}

}
