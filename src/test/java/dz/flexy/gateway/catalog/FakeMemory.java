package dz.flexy.gateway.catalog;

import java.util.HashMap;
import java.util.Map;

import reactor.core.publisher.Mono;

/** Remembers for ever, unless told to fail. */
final class FakeMemory implements NumberMemory {

	final Map<String, Verdict> verdicts = new HashMap<>();

	boolean failing;

	int finds;

	@Override
	public Mono<Verdict> find(String type, String number) {
		return Mono.defer(() -> {
			this.finds++;
			return this.failing ? Mono.error(new IllegalStateException("database gone"))
					: Mono.justOrEmpty(this.verdicts.get(type + number));
		});
	}

	@Override
	public Mono<Void> remember(String type, String number, Verdict verdict) {
		return Mono.defer(() -> {
			if (this.failing) {
				return Mono.error(new IllegalStateException("database gone"));
			}
			this.verdicts.put(type + number, verdict);
			return Mono.empty();
		});
	}

}
