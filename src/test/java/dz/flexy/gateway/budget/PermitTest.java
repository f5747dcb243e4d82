package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PermitTest {

	private final List<Permit> over = new ArrayList<>();

	private long now = 100;

	private final Permit permit = new Permit(7, 200, () -> this.now, this.over::add);

	@Test
	void aCallBeginsOnceAndOnlyInTime() {
		this.now = 199;
		assertThat(this.permit.hasBegun()).isFalse();
		assertThat(this.permit.begin()).isTrue();
		assertThat(this.permit.hasBegun()).isTrue();
		assertThat(this.permit.begin()).isFalse();

		Permit late = new Permit(8, 199, () -> this.now, this.over::add);
		assertThat(late.isValid()).isFalse();
		assertThat(late.begin()).isFalse();
		assertThat(late.hasBegun()).isFalse();
	}

	@Test
	void withoutACallItGoesBackOnce() {
		this.permit.close();
		this.permit.close();
		this.permit.unused();

		assertThat(this.over).containsExactly(this.permit);
		assertThat(this.permit.wasUsed()).isFalse();
		assertThat(this.permit.isUnclear()).isFalse();
		assertThat(this.permit.begin()).isFalse();
	}

	@Test
	void whoNeverBeganSaysSoAsWell() {
		this.permit.unused();

		assertThat(this.over).containsExactly(this.permit);
		assertThat(this.permit.wasUsed()).isFalse();
	}

	@Test
	void aCallWithoutAnAnswerMayStillBeCounted() {
		this.permit.begin();
		assertThat(this.permit.isUnclear()).isFalse();
		this.permit.close();

		assertThat(this.over).containsExactly(this.permit);
		assertThat(this.permit.wasUsed()).isTrue();
		assertThat(this.permit.isUnclear()).isTrue();
		assertThat(this.permit.hasBegun()).isFalse();
	}

	@Test
	void anAnsweredCallIsCounted() {
		this.permit.begin();
		this.permit.answered();
		this.permit.close();

		assertThat(this.permit.isUnclear()).isFalse();
	}

	@Test
	void aCallOfWhichNothingWasWrittenGoesBack() {
		this.permit.begin();
		this.permit.unused();
		this.permit.close();

		assertThat(this.over).containsExactly(this.permit);
		assertThat(this.permit.wasUsed()).isFalse();
		assertThat(this.permit.isUnclear()).isFalse();
	}

	@Test
	void itIsRenewedForFiveSecondsAtMost() {
		long end = 100 + Duration.ofSeconds(5).toNanos();
		this.permit.renew(end - 1);
		this.now = end - 2;
		assertThat(this.permit.isValid()).isTrue();

		this.permit.renew(end + 1_000);
		this.now = end - 1;
		assertThat(this.permit.isValid()).isTrue();
		this.now = end;
		assertThat(this.permit.isValid()).isFalse();
	}

	@Test
	void itKnowsWhatItIsChargedAsAndSinceWhen() {
		assertThat(this.permit.charge()).isEqualTo(7);
		assertThat(this.permit.chargedAt()).isEqualTo(100);

		this.now = 150;
		this.permit.charged(9);

		assertThat(this.permit.charge()).isEqualTo(9);
		assertThat(this.permit.chargedAt()).isEqualTo(150);
	}

}
