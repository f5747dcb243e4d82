package dz.flexy.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import reactor.netty.NettyPipeline;

/**
 * Stops on the way of a purchase through its connection. What it says of bytes is what
 * the socket has taken.
 */
final class CrashBytes {

	private final CrashSeam seam;

	CrashBytes(CrashSeam seam) {
		this.seam = seam;
	}

	/** Before anything is written to it. */
	void watch(Channel channel) {
		if (this.seam.isAt(CrashPoint.AFTER_FIRST_BYTE)) {
			channel.pipeline().addFirst(new FirstByte(this.seam));
		}
		if (this.seam.isAt(CrashPoint.AFTER_LAST_BYTE) || this.seam.isAt(CrashPoint.AFTER_ANSWER)) {
			channel.pipeline().addAfter(NettyPipeline.HttpCodec, null, new WholeMessages(this.seam));
		}
	}

	private static String whoever(ChannelHandlerContext context) {
		return context.channel().id().asLongText();
	}

	/** One byte goes out and no other. */
	private static final class FirstByte extends ChannelOutboundHandlerAdapter {

		private final CrashSeam seam;

		private boolean gone;

		FirstByte(CrashSeam seam) {
			this.seam = seam;
		}

		@Override
		public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
			if (!this.gone && message instanceof ByteBuf bytes) {
				this.gone = true;
				context.writeAndFlush(bytes.readRetainedSlice(1)).addListener((written) -> {
					if (written.isSuccess()) {
						this.seam.come(whoever(context));
					}
				});
			}
			ReferenceCountUtil.release(message);
		}

	}

	/** Between the codec and the client. */
	private static final class WholeMessages extends ChannelDuplexHandler {

		private final CrashSeam seam;

		WholeMessages(CrashSeam seam) {
			this.seam = seam;
		}

		@Override
		public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
			ChannelPromise unvoided = promise.unvoid();
			if (message instanceof LastHttpContent && this.seam.isAt(CrashPoint.AFTER_LAST_BYTE)) {
				unvoided.addListener((written) -> {
					if (written.isSuccess()) {
						this.seam.come(whoever(context));
					}
				});
			}
			context.write(message, unvoided);
		}

		/** The answer waits as well, until all requests are out. */
		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (this.seam.isAt(CrashPoint.AFTER_LAST_BYTE)) {
				ReferenceCountUtil.release(message);
			}
			else if (message instanceof LastHttpContent) {
				ReferenceCountUtil.release(message);
				this.seam.come(whoever(context));
			}
			else {
				context.fireChannelRead(message);
			}
		}

	}

}
