package dz.flexy.gateway.upstream;

import java.net.URI;

import dz.flexy.gateway.account.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.util.DefaultUriBuilderFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class OnwardTest {

	@ParameterizedTest
	@ValueSource(strings = { "http://host:81", "http://host:81/", "http://host:81//" })
	void keepsTheTargetAsWritten(String base) {
		assertThat(onward("/v3/bills/partners?a=%2F..%c3%a9+b").at(URI.create(base)))
			.hasToString("http://host:81/v3/bills/partners?a=%2F..%c3%a9+b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "@evil/v3/", ":80/v3/", "//evil/v3/", "http://evil/v3/", "/v3" })
	void takesNoTargetThatCouldNameAHost(String target) {
		assertThatIllegalArgumentException().isThrownBy(() -> onward(target));
	}

	@Test
	void probesByWhatEveryKeyMayRead() {
		assertThat(Probe.of(Family.OTHER).uri().apply(new DefaultUriBuilderFactory().builder()))
			.hasToString("/v3/account/transactions?pageSize=1");
	}

	private static Onward onward(String target) {
		return new Onward("test", HttpMethod.GET, target, new HttpHeaders(), false);
	}

}
