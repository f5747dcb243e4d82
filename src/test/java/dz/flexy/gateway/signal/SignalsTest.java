package dz.flexy.gateway.signal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SignalsTest {

	private final Signals signals = new Signals();

	@Test
	void handsOnWhatIsRaisedWhileASubscriberIsBusy() {
		List<String> heard = new ArrayList<>();
		this.signals.on("changed").subscribe((topic) -> {
			heard.add(topic);
			if (heard.size() == 1) {
				CompletableFuture.runAsync(() -> this.signals.raise("changed")).join();
			}
		});

		this.signals.raise("changed");

		assertThat(heard).containsExactly("changed", "changed");
	}

	@Test
	void wakesOnlyThoseWhoWaitOnTheTopic() {
		List<String> heard = new ArrayList<>();
		this.signals.on("mine").subscribe(heard::add);

		this.signals.raise("others");
		this.signals.raise("mine");

		assertThat(heard).containsExactly("mine");
	}

}
