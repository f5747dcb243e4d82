package dz.flexy.gateway;

import java.util.List;
import java.util.Map;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * Short locks that an event loop may wait for. Netty's allocator frees an old magazine
 * while another thread still allocates from it, and may park for that under contention;
 * Netty's own integration names other places of the allocator but not these. The schema
 * validator builds each schema under a lock, and the tests' client asks it where an
 * answer arrives; no such thing is in the product.
 */
public final class AllowedLocks implements BlockHoundIntegration {

	/** The methods that wait, by their class. */
	static final Map<String, List<String>> WAITING = Map.of("io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup",
			List.of("tryExpandMagazines", "free"), "dz.flexy.gateway.PublishedContract", List.of("check"));

	@Override
	public void applyTo(BlockHound.Builder builder) {
		WAITING.forEach((type, methods) -> methods.forEach((method) -> builder.allowBlockingCallsInside(type, method)));
	}

}
