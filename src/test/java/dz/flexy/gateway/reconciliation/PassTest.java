package dz.flexy.gateway.reconciliation;

import java.time.Duration;
import java.time.Instant;

import dz.flexy.gateway.account.Account;
import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import dz.flexy.gateway.account.KeyType;
import dz.flexy.gateway.account.UpstreamKey;
import dz.flexy.gateway.orders.OrderId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How much of what is odd one comparison goes after. */
class PassTest {

	private final Pass pass = new Pass(
			new Run(1, new AccountId("main"), Instant.EPOCH, Instant.EPOCH.plusSeconds(3600), Instant.EPOCH),
			new Account(new AccountId("main"), new UpstreamKey("key"), 120, Duration.ofSeconds(60), KeyType.PRODUCTION,
					false));

	@Test
	void fiveHundredOrdersThatAreBehindAreLookedAtAgain() {
		for (int i = 0; i < 500; i++) {
			this.pass.behind(order(i), "their-" + i);
		}
		assertThat(this.pass.isOverfull()).isFalse();

		this.pass.behind(order(500), "their-500");

		assertThat(this.pass.isOverfull()).isTrue();
		assertThat(this.pass.takeBehind()).hasSize(500);
		assertThat(this.pass.takeBehind()).isEmpty();
	}

	@Test
	void fiveHundredChargesThatNoListShowsAreLookedUp() {
		for (int i = 0; i < 500; i++) {
			assertThat(this.pass.mayLookUp()).isTrue();
		}

		assertThat(this.pass.mayLookUp()).isFalse();
	}

	@Test
	void twentyOrdersThatCannotBeReadLeaveTheirFamilyItsWord() {
		for (int i = 0; i < 20; i++) {
			this.pass.unreadable(Family.INTERNET, "their-" + i, "500");
			this.pass.unreadable(Family.INTERNET, "their-" + i, "500");
		}
		assertThat(this.pass.judges(Family.INTERNET)).isTrue();

		this.pass.unreadable(Family.INTERNET, "their-20", "500");

		assertThat(this.pass.judges(Family.INTERNET)).isFalse();
		assertThat(this.pass.judges(Family.MOBILE)).isTrue();
		assertThat(this.pass.whatIsUnread()).hasValue("internet list: order their-20: 500");
	}

	private static OrderId order(int number) {
		return OrderId.parse("%024x".formatted(number)).orElseThrow();
	}

}
