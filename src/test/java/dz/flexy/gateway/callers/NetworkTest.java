package dz.flexy.gateway.callers;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class NetworkTest {

	@ParameterizedTest
	@CsvSource({ "192.0.2.7, 192.0.2.7", "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64",
			"2001:db8:1:2::, 2001:db8:1:2:0:0:0:0/64", "::1, 0:0:0:0:0:0:0:0/64", "::ffff:192.0.2.7, 192.0.2.7" })
	void isAnAddressOrA64(String address, String network) {
		assertThat(Network.of(new InetSocketAddress(InetAddress.ofLiteral(address), 1234))).hasToString(network);
	}

	@Test
	void tellsNeighbouring64sApart() {
		assertThat(of("2001:db8:1:2::1")).isEqualTo(of("2001:db8:1:2:ffff::1")).isNotEqualTo(of("2001:db8:1:3::1"));
		assertThat(of("192.0.2.7")).isNotEqualTo(of("192.0.2.8"));
	}

	/** A proxy's word comes unresolved. */
	@Test
	void readsAForwardedAddress() {
		assertThat(Network.of(InetSocketAddress.createUnresolved("192.0.2.7", 0))).isEqualTo(of("192.0.2.7"));
		assertThat(Network.of(InetSocketAddress.createUnresolved("2001:db8:1:2::1", 0)))
			.isEqualTo(of("2001:db8:1:2::2"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "unknown", "_hidden", "localhost", "999.1.1.1", "%00", "" })
	void looksNoNameUp(String host) {
		assertThat(Network.of(InetSocketAddress.createUnresolved(host, 0))).isEqualTo(Network.UNKNOWN);
	}

	@Test
	void countsThoseWithoutAnAddressTogether() {
		assertThat(Network.of(null)).isEqualTo(Network.UNKNOWN);
	}

	private static Network of(String literal) {
		return Network.of(new InetSocketAddress(InetAddress.ofLiteral(literal), 1));
	}

}
