package dz.flexy.gateway.account;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dz.flexy.gateway.problem.InvalidSetting;
import org.assertj.core.api.AbstractObjectAssert;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AccountSettingsTest {

	@Test
	void atLeastOneAccountIsNeeded() {
		assertThatExceptionOfType(InvalidSetting.class)
			.isThrownBy(() -> AccountSettings.accounts(new AccountsProperties(Map.of())))
			.extracting(InvalidSetting::setting)
			.isEqualTo("gateway.upstream.accounts.main.api-key");
	}

	@Test
	void eachNeedsAKey() {
		assertThatRefused(null, 120, Duration.ofSeconds(60)).isEqualTo("gateway.upstream.accounts.shop.api-key");
		assertThatRefused(new UpstreamKey(" "), 120, Duration.ofSeconds(60))
			.isEqualTo("gateway.upstream.accounts.shop.api-key");
	}

	@Test
	void eachMayMakeOneCallAtLeast() {
		assertThat(account(new UpstreamKey("key"), 1, Duration.ofSeconds(60)).limit()).isEqualTo(1);
		assertThatRefused(new UpstreamKey("key"), 0, Duration.ofSeconds(60))
			.isEqualTo("gateway.upstream.accounts.shop.limit");
	}

	@Test
	void aWindowLastsOneSecondAtLeast() {
		assertThat(account(new UpstreamKey("key"), 120, Duration.ofSeconds(1)).window())
			.isEqualTo(Duration.ofSeconds(1));
		assertThatRefused(new UpstreamKey("key"), 120, Duration.ofMillis(999))
			.isEqualTo("gateway.upstream.accounts.shop.window");
	}

	@Test
	void noTwoAccountsShareAKey() {
		Map<String, AccountsProperties.Settings> two = new LinkedHashMap<>();
		two.put("shop", settings(new UpstreamKey("secret"), 120, Duration.ofSeconds(60)));
		two.put("second", settings(new UpstreamKey(" secret "), 120, Duration.ofSeconds(60)));

		assertThatExceptionOfType(InvalidSetting.class)
			.isThrownBy(() -> AccountSettings.accounts(new AccountsProperties(two)))
			.withMessageNotContaining("secret")
			.extracting(InvalidSetting::setting)
			.isEqualTo("gateway.upstream.accounts.second.api-key");
		two.put("second", settings(new UpstreamKey("another"), 120, Duration.ofSeconds(60)));
		assertThat(AccountSettings.accounts(new AccountsProperties(two))).hasSize(2);
	}

	@Test
	void noKeyIsEverPrinted() {
		Account account = account(new UpstreamKey("secret"), 120, Duration.ofSeconds(60));

		assertThat(account.toString()).doesNotContain("secret");
		assertThat(account.key().fingerprint()).hasSize(16).doesNotContain("secret");
		assertThat(account.key().reveal()).isEqualTo("secret");
	}

	private static Account account(UpstreamKey key, int limit, Duration window) {
		return AccountSettings.accounts(properties(key, limit, window)).get(new AccountId("shop"));
	}

	private static AbstractObjectAssert<?, String> assertThatRefused(UpstreamKey key, int limit, Duration window) {
		return assertThatExceptionOfType(InvalidSetting.class)
			.isThrownBy(() -> AccountSettings.accounts(properties(key, limit, window)))
			.extracting(InvalidSetting::setting);
	}

	private static AccountsProperties properties(UpstreamKey key, int limit, Duration window) {
		return new AccountsProperties(Map.of("shop", settings(key, limit, window)));
	}

	private static AccountsProperties.Settings settings(UpstreamKey key, int limit, Duration window) {
		return new AccountsProperties.Settings(key, limit, window, KeyType.PRODUCTION, false);
	}

}
