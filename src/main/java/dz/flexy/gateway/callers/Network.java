package dz.flexy.gateway.callers;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * What one party can be expected to hold of the address space: an IPv4 address, or the
 * /64 of an IPv6 address, in which a host picks addresses at will.
 *
 * @param text as shown to operators
 */
public record Network(String text) {

	/** All whose address is not told, or is no address, together. */
	public static final Network UNKNOWN = new Network("unknown");

	private static final int PREFIX_BYTES = 8;

	/**
	 * The network of a peer; nothing is looked up.
	 * @param peer as the server tells it; where forwarded headers are read it may hold
	 * any text that a proxy sent
	 * @return {@link #UNKNOWN} if it is no address
	 */
	public static Network of(@Nullable InetSocketAddress peer) {
		if (peer == null) {
			return UNKNOWN;
		}
		try {
			InetAddress address = peer.getAddress();
			return of((address != null) ? address : InetAddress.ofLiteral(peer.getHostString()));
		}
		catch (IllegalArgumentException | UnknownHostException noAddress) {
			return UNKNOWN;
		}
	}

	private static Network of(InetAddress address) throws UnknownHostException {
		if (address instanceof Inet6Address) {
			byte[] prefix = Arrays.copyOf(Arrays.copyOf(address.getAddress(), PREFIX_BYTES), 2 * PREFIX_BYTES);
			return new Network(InetAddress.getByAddress(prefix).getHostAddress() + "/64");
		}
		return new Network(address.getHostAddress());
	}

	@Override
	public String toString() {
		return this.text;
	}

}
