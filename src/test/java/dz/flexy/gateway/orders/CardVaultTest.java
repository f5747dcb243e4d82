package dz.flexy.gateway.orders;

import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.problem.InvalidSetting;
import dz.flexy.gateway.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CardVaultTest {

	private static final String CODE = "8361-5520-7714-0093";

	private static final Card CARD = new Card(CODE, "T-17", Instant.parse("2026-01-15T10:00:00Z"));

	private static final OrderId ORDER = new OrderId("0123456789abcdef01234567");

	private static final OrderId ANOTHER = new OrderId("76543210fedcba9876543210");

	private final CardVault vault = vault(key(1));

	@Test
	void whatIsSealedIsOpenedAgain() {
		assertThat(this.vault.open(ORDER, this.vault.seal(ORDER, CARD))).isEqualTo(CARD);
	}

	@Test
	void theCodeIsNowhereInWhatIsStored() {
		SealedCard sealed = this.vault.seal(ORDER, CARD);

		assertThat(sealed.code()).isNotNull();
		assertThat(Base64.getDecoder().decode(sealed.code())).hasSize(12 + CODE.length() + 16);
		assertThat(sealed.toString()).doesNotContain(CODE);
	}

	@Test
	void sealingTwiceShowsNoSimilarity() {
		assertThat(this.vault.seal(ORDER, CARD).code()).isNotEqualTo(this.vault.seal(ORDER, CARD).code());
	}

	@Test
	void aCodeMovedToAnotherOrderDoesNotOpen() {
		SealedCard sealed = this.vault.seal(ORDER, CARD);

		assertThatThrownBy(() -> this.vault.open(ANOTHER, sealed)).satisfies(CardVaultTest::saysOnlyThatItIsUnreadable);
	}

	@Test
	void aChangedByteIsNoticed() {
		SealedCard sealed = this.vault.seal(ORDER, CARD);
		byte[] stored = Base64.getDecoder().decode(sealed.code());
		stored[stored.length - 1] ^= 1;
		SealedCard forged = new SealedCard(Base64.getEncoder().encodeToString(stored), sealed.keyId(), null, null);

		assertThatThrownBy(() -> this.vault.open(ORDER, forged)).satisfies(CardVaultTest::saysOnlyThatItIsUnreadable);
	}

	@Test
	void anOldKeyStillOpensWhatItSealed() {
		SealedCard sealed = this.vault.seal(ORDER, CARD);

		CardVault rotated = vault(key(2), key(1));

		assertThat(rotated.open(ORDER, sealed)).isEqualTo(CARD);
		assertThat(rotated.seal(ORDER, CARD).keyId()).isNotEqualTo(sealed.keyId());
	}

	@Test
	void aForgottenKeyIsKnownToBeMissing() {
		SealedCard sealed = this.vault.seal(ORDER, CARD);
		CardVault other = vault(key(2));

		assertThatThrownBy(() -> other.open(ORDER, sealed)).satisfies(CardVaultTest::saysOnlyThatItIsUnreadable);
		assertThat(other.knows(sealed.keyId())).isFalse();
		assertThat(this.vault.knows(sealed.keyId())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "not base64!", "c2hvcnQ=" })
	void whatIsNoCiphertextIsUnreadable(String stored) {
		SealedCard damaged = new SealedCard(stored, this.vault.seal(ORDER, CARD).keyId(), null, null);

		assertThatThrownBy(() -> this.vault.open(ORDER, damaged)).satisfies(CardVaultTest::saysOnlyThatItIsUnreadable);
	}

	@Test
	void anOrderWithoutCodeHasNoCard() {
		assertThat(this.vault.open(ORDER, new SealedCard(null, null, "T-17", null))).isNull();
		assertThat(this.vault.open(ORDER, new SealedCard(null, this.vault.seal(ORDER, CARD).keyId(), "T-17", null)))
			.isNull();
		assertThat(this.vault.open(ORDER, new SealedCard(this.vault.seal(ORDER, CARD).code(), null, "T-17", null)))
			.isNull();
	}

	@Test
	void neitherCardNorSettingsPrintTheirSecret() {
		assertThat(CARD.toString()).doesNotContain(CODE).doesNotContain("T-17");
		assertThat(new Item.TopUp("ADSL", "036362608", BigDecimal.TEN, Optional.empty())).hasToString("ADSL 10 to …08");
		assertThat(properties(key(1), key(2)).toString()).doesNotContain(key(1)).doesNotContain(key(2));
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "  ", "not base64!", "c2hvcnQ=" })
	void aBadKeyStopsTheStartWithoutBeingShown(String key) {
		assertThatThrownBy(() -> vault(key)).isInstanceOf(InvalidSetting.class)
			.hasMessageStartingWith("gateway.orders.card-key: ")
			.hasMessageContaining("32");
	}

	@Test
	void aBadOldKeyIsNamedByItsIndex() {
		assertThatThrownBy(() -> vault(key(1), key(2), "c2hvcnQ="))
			.hasMessageStartingWith("gateway.orders.old-card-keys[1]: ");
	}

	private static void saysOnlyThatItIsUnreadable(Throwable failure) {
		assertThat(failure).isInstanceOf(Problem.class).hasNoCause();
		assertThat(((Problem) failure).code()).isEqualTo("CARD_UNREADABLE");
		assertThat(failure.toString()).doesNotContain(CODE);
	}

	private static CardVault vault(String key, String... oldKeys) {
		return new CardVault(properties(key, oldKeys), new SecureRandom());
	}

	private static OrdersProperties properties(String key, String... oldKeys) {
		return new OrdersProperties(key, List.of(oldKeys), Duration.ofDays(400), Duration.ofMillis(500));
	}

	private static String key(int fill) {
		byte[] key = new byte[32];
		Arrays.fill(key, (byte) fill);
		return Base64.getEncoder().encodeToString(key);
	}

}
