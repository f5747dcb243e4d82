package dz.flexy.gateway.callers;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.problem.InvalidSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KeyRingTest {

	private final AtomicInteger comparisons = new AtomicInteger();

	private final KeyRing ring = new KeyRing((one, other) -> {
		this.comparisons.incrementAndGet();
		return one.matches(other);
	});

	@ParameterizedTest
	@ValueSource(strings = { "first", "second", "third", "fourth", "nobody's", "" })
	void comparesEachDigestOnceWhereverTheMatchIs(String key) {
		add("a", "first");
		add("b", "second");
		add("b", "third");
		add("c", "fourth");

		this.ring.find(KeyDigest.ofKey(key));

		assertThat(this.comparisons).hasValue(4);
	}

	@Test
	void findsWhoseKeyItIs() {
		add("a", "first");
		add("b", "second");
		add("b", "third");

		assertThat(owner("first")).contains("a");
		assertThat(owner("second")).contains("b");
		assertThat(owner("third")).contains("b");
		assertThat(owner("fourth")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "b" })
	void refusesAKeyThatItHas(String caller) {
		add("a", "first");

		assertThatExceptionOfType(InvalidSetting.class).isThrownBy(() -> add(caller, "first"))
			.withMessage("keys of " + caller + ": is the same key as keys of a");
	}

	private Optional<String> owner(String key) {
		return this.ring.find(KeyDigest.ofKey(key)).map((caller) -> caller.id().value());
	}

	private void add(String caller, String key) {
		this.ring.add("keys of " + caller, KeyDigest.ofKey(key), new Caller(new CallerId(caller), new AccountId("main"),
				Set.of(), 1, Duration.ofSeconds(1), Optional.empty()));
	}

}
