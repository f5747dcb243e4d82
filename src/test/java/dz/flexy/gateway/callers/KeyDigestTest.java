package dz.flexy.gateway.callers;

import dz.flexy.gateway.problem.InvalidSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KeyDigestTest {

	/** SHA-256 of "abc" (FIPS 180-4). */
	private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

	@Test
	void matchesTheKeyOfItsDigest() {
		assertThat(setting("sha256:" + ABC).matches(KeyDigest.ofKey("abc"))).isTrue();
		assertThat(setting("sha256:" + ABC.toUpperCase(java.util.Locale.ROOT)).matches(KeyDigest.ofKey("abc")))
			.isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "ab", "abcd", "ABC", " abc", ABC, "sha256:" + ABC })
	void matchesNoOther(String key) {
		assertThat(setting("sha256:" + ABC).matches(KeyDigest.ofKey(key))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "abc", ABC, "sha1:" + ABC, "sha256:" + ABC + "0", "sha256:abc", "sha256: " + ABC,
			"sha256:zz7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" })
	void refusesWhatIsNoDigestByName(String value) {
		assertThatExceptionOfType(InvalidSetting.class).isThrownBy(() -> setting(value))
			.satisfies((invalid) -> assertThat(invalid.setting()).isEqualTo("gateway.callers.shop.keys[0]"));
	}

	@Test
	void doesNotRepeatAKeyGivenInTheClear() {
		assertThatExceptionOfType(InvalidSetting.class).isThrownBy(() -> setting("my-secret-key"))
			.satisfies((invalid) -> assertThat(invalid).hasMessageNotContaining("my-secret-key"));
	}

	private static KeyDigest setting(String value) {
		return KeyDigest.ofSetting("gateway.callers.shop.keys[0]", value);
	}

}
