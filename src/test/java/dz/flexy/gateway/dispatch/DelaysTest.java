package dz.flexy.gateway.dispatch;

import java.time.Duration;

import dz.flexy.gateway.LedgerUnderTest;
import dz.flexy.gateway.orders.Order;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/** The shortest gap here is half a second. */
@TestInstance(Lifecycle.PER_CLASS)
class DelaysTest {

	private LedgerUnderTest ledger;

	private Delays delays;

	@BeforeAll
	void start() {
		this.ledger = LedgerUnderTest.start();
		this.delays = this.ledger.bean(Delays.class);
	}

	@AfterAll
	void close() {
		this.ledger.close();
	}

	@BeforeEach
	void forget() {
		this.ledger.execute("delete from dispatch_delay");
	}

	@Test
	void takesTheLeastGapWhileNothingWasLate() {
		Order order = this.ledger.unknown();

		this.delays.found(order).block();

		assertThat(gap(order)).isEqualTo(Duration.ofMillis(500));
	}

	@Test
	void takesTwiceTheLongestDelaySeen() {
		Order order = missedFor(40);

		this.delays.found(order).block();
		this.delays.found(missedFor(20)).block();

		assertThat(gap(order)).isEqualTo(Duration.ofSeconds(80));
	}

	@Test
	void takesTenMinutesAtMost() {
		Order order = missedFor(3600);

		this.delays.found(order).block();

		assertThat(gap(order)).isEqualTo(Duration.ofMinutes(10));
	}

	@Test
	void learnsNothingFromWhatNoLookMissed() {
		Order refused = this.ledger.set(this.ledger.unknown(), "state = 'REJECTED'");

		this.delays.found(LedgerUnderTest.readAfterSend(refused, Duration.ofSeconds(60))).block();

		assertThat(gap(refused)).isEqualTo(Duration.ofMillis(500));
	}

	@Test
	void learnsOfEachFamilyByItself() {
		this.delays.found(missedFor(40)).block();

		assertThat(gap(this.ledger.set(this.ledger.unknown(), "family = 'mobile'"))).isEqualTo(Duration.ofMillis(500));
	}

	private Duration gap(Order order) {
		return this.delays.gap(order).block();
	}

	/** A look has missed it, and the one that finds it comes that long after its send. */
	private Order missedFor(long seconds) {
		Order missed = this.ledger.set(this.ledger.unknown(), "absences = 1, absent_at = now()");
		return LedgerUnderTest.readAfterSend(missed, Duration.ofSeconds(seconds));
	}

}
