package dz.flexy.gateway.callers;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

import dz.flexy.gateway.GatewaySettings;
import dz.flexy.gateway.problem.InvalidSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

class CallersTest {

	private static final Instant UNTIL = Instant.parse("2026-10-29T23:00:00Z");

	@Test
	void findsACallerByHisKey() {
		try (CallersUnderTest under = started(CallersUnderTest.settings().caller("other", "other-key"))) {
			assertThat(under.callers().find("shop-key").orElseThrow().id()).hasToString("shop");
			assertThat(under.callers().find("other-key").orElseThrow().id()).hasToString("other");
			assertThat(under.callers().find("nobody's")).isEmpty();
		}
	}

	@Test
	void eachOfSeveralKeysIsGood() {
		GatewaySettings settings = CallersUnderTest.settings();
		Object second = CallersUnderTest.settings()
			.caller("shop", "next-key")
			.asMap()
			.get("gateway.callers.shop.keys[0]");

		try (CallersUnderTest under = started(settings.set("gateway.callers.shop.keys[1]", second))) {
			assertThat(under.callers().find("shop-key")).isEqualTo(under.callers().find("next-key")).isPresent();
		}
	}

	@Test
	void aCallerMayMuchWithoutSettings() {
		try (CallersUnderTest under = started(CallersUnderTest.settings())) {
			Caller caller = under.callers().find("shop-key").orElseThrow();

			assertThat(caller.account()).hasToString("main");
			assertThat(caller.limit()).isEqualTo(6000);
			assertThat(caller.window()).isEqualTo(Duration.ofSeconds(60));
			assertThat(caller.sendDeadline()).isEmpty();
			assertThat(caller.weight()).isEqualByComparingTo("1");
			assertThat(caller.spendLimit()).isEmpty();
			assertThat(caller.directUntil()).isEmpty();
			assertThat(caller.direct(Instant.EPOCH)).isFalse();
			assertThat(caller.scopes()).containsExactlyInAnyOrder(Scope.ORDERS_WRITE, Scope.ORDERS_READ,
					Scope.CATALOG_READ, Scope.BALANCE_READ, Scope.CARDS_REVEAL);
		}
	}

	@Test
	void aCallerMayWhatIsNamed() {
		GatewaySettings settings = CallersUnderTest.settings()
			.set("gateway.callers.shop.scopes", "orders:read,operator")
			.set("gateway.callers.shop.send-deadline", "4h")
			.set("gateway.callers.shop.weight", "2.5")
			.set("gateway.callers.shop.spend-limit", "100000.50")
			.set("gateway.callers.shop.direct-until", "2026-10-30T00:00:00+01:00");

		try (CallersUnderTest under = started(settings)) {
			Caller caller = under.callers().find("shop-key").orElseThrow();

			assertThat(caller.scopes()).containsExactlyInAnyOrder(Scope.ORDERS_READ, Scope.OPERATOR);
			assertThat(caller.may(Scope.ORDERS_WRITE)).isFalse();
			assertThat(caller.sendDeadline()).contains(Duration.ofHours(4));
			assertThat(caller.weight()).isEqualByComparingTo("2.5");
			assertThat(caller.spendLimit()).contains(new SpendLimit(new BigDecimal("100000.50"), Duration.ofHours(24)));
			assertThat(caller.directUntil()).contains(UNTIL);
			assertThat(caller.direct(UNTIL.minusMillis(1))).isTrue();
			assertThat(caller.direct(UNTIL)).isFalse();
		}
	}

	@Test
	void aCallerNamesOneOfSeveralAccounts() {
		GatewaySettings two = CallersUnderTest.settings().set("gateway.upstream.accounts.second.api-key", "key");

		assertThat(refused(two)).isEqualTo("gateway.callers.shop.account");
		try (CallersUnderTest under = started(two.set("gateway.callers.shop.account", "second"))) {
			assertThat(under.callers().find("shop-key").orElseThrow().account()).hasToString("second");
		}
	}

	@ParameterizedTest
	@CsvSource({ "gateway.callers.shop.account, nowhere, gateway.callers.shop.account",
			"gateway.callers.shop.scopes, orders:all, gateway.callers.shop.scopes",
			"gateway.callers.shop.keys[0], in-the-clear, gateway.callers.shop.keys[0]",
			"gateway.callers.shop.limit, 0, gateway.callers.shop.limit",
			"gateway.callers.shop.direct-until, tomorrow, gateway.callers.shop.direct-until",
			"gateway.callers.shop.window, 999ms, gateway.callers.shop.limit",
			"gateway.callers.keyless.limit, 5, gateway.callers.keyless.keys[0]" })
	void aWrongSettingIsNamed(String setting, String value, String named) {
		assertThat(refused(CallersUnderTest.settings().set(setting, value))).isEqualTo(named);
	}

	private static CallersUnderTest started(GatewaySettings settings) {
		return new CallersUnderTest(settings);
	}

	private static String refused(GatewaySettings settings) {
		Throwable failure = catchThrowable(() -> started(settings).close());
		while (failure != null && !(failure instanceof InvalidSetting)) {
			failure = failure.getCause();
		}
		return (failure instanceof InvalidSetting invalid) ? invalid.setting() : "started";
	}

}
