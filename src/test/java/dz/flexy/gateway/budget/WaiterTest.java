package dz.flexy.gateway.budget;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class WaiterTest {

	private final List<Permit> over = new ArrayList<>();

	private final Permit permit = new Permit(1, 1_000, () -> 0, this.over::add);

	private Waiter waiter;

	private final Mono<Permit> acquired = Mono.create((sink) -> {
		this.waiter = new Waiter(sink);
		sink.onCancel(this.waiter::cancel);
	});

	@Test
	void aPermitForOneWhoLeftGoesBack() {
		Disposable left = this.acquired.subscribe();
		left.dispose();

		this.waiter.admit(this.permit);

		assertThat(this.over).containsExactly(this.permit);
		assertThat(this.permit.wasUsed()).isFalse();
	}

	@Test
	void aPermitThatIsDroppedOnItsWayGoesBack() {
		this.acquired.subscribe((given) -> this.waiter.cancel());

		this.waiter.admit(this.permit);

		assertThat(this.over).containsExactly(this.permit);
		assertThat(this.permit.begin()).isFalse();
	}

	@Test
	void aPermitOfOneWhoLeavesBeforeHisCallGoesBack() {
		this.acquired.subscribe();
		this.waiter.admit(this.permit);

		this.waiter.cancel();

		assertThat(this.over).containsExactly(this.permit);
	}

	@Test
	void oneWhoIsRefusedIsToldWhy() {
		IllegalStateException reason = new IllegalStateException("no room");
		List<Throwable> told = new ArrayList<>();
		this.acquired.subscribe((given) -> {
		}, told::add);

		this.waiter.refuse(reason);

		assertThat(told).containsExactly(reason);
	}

	@Test
	void aCallThatHasBegunKeepsItsPermit() {
		this.acquired.subscribe((given) -> {
			given.begin();
			this.waiter.cancel();
		});

		this.waiter.admit(this.permit);

		assertThat(this.over).isEmpty();
		assertThat(this.permit.wasUsed()).isTrue();
	}

}
