package dz.flexy.gateway.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

class PlacesTest {

	private final Places places = new Places(2, 4);

	@Test
	void onlySoManyWaitForTheirPermits() {
		this.places.take();
		assertThat(this.places.free()).isEqualTo(1);
		this.places.take();

		assertThat(this.places.free()).isZero();
	}

	@Test
	void whatIsBegunLeavesItsPlaceToTheNext() {
		this.places.take().begun();
		this.places.take().begun();

		assertThat(this.places.free()).isEqualTo(2);
	}

	@Test
	void onlySoManyAreUnderWayInAll() {
		List<Places.Place> taken = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			taken.add(this.places.take());
			taken.getLast().begun();
		}

		assertThat(this.places.free()).isZero();
		taken.getFirst().over();
		assertThat(this.places.free()).isEqualTo(1);
	}

	@Test
	void eachEndCountsOnce() {
		Places.Place first = this.places.take();
		this.places.take();

		first.begun();
		first.begun();
		first.over();
		first.over();

		assertThat(this.places.free()).isEqualTo(1);
	}

	@Test
	void tellsWhenAPlaceIsFree() {
		AtomicInteger told = new AtomicInteger();
		Places.Place place = this.places.take();
		this.places.freed().doOnNext((freed) -> told.incrementAndGet()).subscribe();

		place.begun();
		assertThat(told).hasValue(1);
		place.over();

		assertThat(told).hasValue(2);
	}

	/** The teller is at work for as long as a subscriber holds it up. */
	@Test
	void whoFreesAPlaceWhileAnotherTellsNeitherWaitsNorFails() {
		Places.Place first = this.places.take();
		Places.Place second = this.places.take();
		AtomicInteger seen = new AtomicInteger();
		this.places.freed().doOnNext((freed) -> {
			seen.set(this.places.free());
			if (seen.get() == 1) {
				Mono.fromRunnable(second::begun).subscribeOn(Schedulers.boundedElastic()).block(Duration.ofMillis(500));
			}
		}).subscribe();

		first.begun();

		assertThat(seen).hasValue(2);
	}

	/** Each free place is seen by whoever is told last. */
	@Test
	void losesNoWakeUpBetweenThreads() {
		Places many = new Places(1000, 1000);
		AtomicInteger seen = new AtomicInteger();
		List<Places.Place> taken = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			taken.add(many.take());
		}
		many.freed().doOnNext((freed) -> seen.set(many.free())).subscribe();

		Flux.fromIterable(taken)
			.flatMap((place) -> Mono.fromRunnable(place::over).subscribeOn(Schedulers.parallel()))
			.blockLast(Duration.ofSeconds(20));

		assertThat(seen).hasValue(1000);
	}

}
