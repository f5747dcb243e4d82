package dz.flexy.gateway.orders;

import org.junit.jupiter.api.Test;

import static dz.flexy.gateway.orders.Ledger.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UncommittedTest {

	private final Uncommitted order = new Uncommitted(new OrderId("0123456789abcdef01234567"),
			Ledger.order(SHOP, "r1"));

	@Test
	void whatHasBegunMayBeCommitted() {
		this.order.take();
		this.order.begin();

		assertThat(this.order.withdraw()).isFalse();
		assertThat(this.order.withdraw()).as("and stays so").isFalse();
	}

	@Test
	void whatWasTakenDoesNotBeginOnceItIsWithdrawn() {
		this.order.take();

		assertThat(this.order.withdraw()).isTrue();
		assertThatExceptionOfType(Uncommitted.Withdrawn.class).isThrownBy(this.order::begin);
	}

	@Test
	void isTriedAgainWhereTheStatementLeftNothing() {
		this.order.take();
		this.order.begin();
		this.order.putBack();

		assertThat(this.order.take()).isTrue();
	}

	@Test
	void isNotTriedAgainForNobody() {
		this.order.take();
		this.order.begin();
		this.order.withdraw();
		this.order.putBack();

		assertThat(this.order.take()).isFalse();
		assertThat(this.order.withdraw()).as("it was not committed").isTrue();
	}

	@Test
	void whatWasWithdrawnCannotBeTaken() {
		assertThat(this.order.withdraw()).isTrue();

		assertThat(this.order.take()).isFalse();
		assertThat(this.order.withdraw()).as("and stays so").isTrue();
	}

	@Test
	void isTakenOnce() {
		assertThat(this.order.take()).isTrue();
		assertThat(this.order.take()).isFalse();
	}

}
