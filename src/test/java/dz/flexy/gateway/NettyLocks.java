package dz.flexy.gateway;

import java.util.List;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Lets Netty's allocator wait for its own short locks: under contention it frees an old
 * magazine while another thread still allocates from it, and may park for that. Netty's
 * own integration names other places of the allocator but not these.
 */
public final class NettyLocks implements BlockHoundIntegration {

	/** The inner class that waits, and its methods. */
	static final String MAGAZINES = "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup";

	static final List<String> WAITING = List.of("tryExpandMagazines", "free");

	@Override
	public void applyTo(BlockHound.Builder builder) {
		WAITING.forEach((method) -> builder.allowBlockingCallsInside(MAGAZINES, method));
	}

}
