package dz.flexy.gateway.budget;

import java.util.List;
import java.util.function.ToDoubleFunction;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** The budget of upstream calls. */
enum BudgetMeter implements MeterDocumentation {

	LIMIT(Meter.Type.GAUGE, "gateway.budget.limit", "",
			"calls in a window that are allowed now: the setting, or less if the upstream said so; "
					+ "over all replicas, at most 5 s old",
			"account: <account>"),
	LEFT(Meter.Type.GAUGE, "gateway.budget.left", "",
			"calls that may still be made now; over all replicas, at most 5 s old", "account: <account>"),
	BLOCKED(Meter.Type.GAUGE, "gateway.budget.blocked", "",
			"1 while the upstream has limited calls, for all replicas; at most 5 s old", "account: <account>"),
	LEASED(Meter.Type.GAUGE, "gateway.budget.leased", "", "permits that this replica holds, used or not",
			"account: <account>"),
	WAITING(Meter.Type.GAUGE, "gateway.budget.waiting", "", "calls that wait on this replica for a permit",
			"account: <account>", "lane: send | settle | track | lookup | refresh"),
	WAIT(Meter.Type.TIMER, "gateway.budget.wait", "seconds",
			"how long calls waited for their permit; left: the caller hung up first", "account: <account>",
			"lane: send | settle | track | lookup | refresh", "outcome: granted | refused | left"),
	HEADERS_IGNORED(Meter.Type.COUNTER, "gateway.budget.headers.ignored", "",
			"rate-limit headers of the upstream that made no sense and were left out", "account: <account>"),
	PERMISSIONS(Meter.Type.GAUGE, "resilience4j.ratelimiter.available.permissions", "",
			"permits at hand on this replica that no call has taken", "name: <account>"),
	THREADS(Meter.Type.GAUGE, "resilience4j.ratelimiter.waiting.threads", "",
			"calls that wait on this replica, in all lanes", "name: <account>");

	private final Meter.Type type;

	private final String meter;

	private final String unit;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	BudgetMeter(Meter.Type type, String meter, String unit, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.unit = unit;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
	}

	Counter counter(MeterRegistry meters, String... tags) {
		return Counter.builder(this.meter).description(this.meaning).tags(tags).register(meters);
	}

	Timer timer(MeterRegistry meters, String... tags) {
		return Timer.builder(this.meter).description(this.meaning).tags(tags).register(meters);
	}

	/** The state is the caller's to keep. */
	<T> void gauge(MeterRegistry meters, T state, ToDoubleFunction<T> value, String... tags) {
		Gauge.builder(this.meter, state, value)
			.description(this.meaning)
			.baseUnit(getBaseUnit())
			.tags(tags)
			.register(meters);
	}

	@Override
	public String getName() {
		return this.meter;
	}

	@Override
	public @Nullable String getBaseUnit() {
		return this.unit.isEmpty() ? null : this.unit;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	@Override
	public KeyName[] getKeyNames() {
		return tags().stream().map((tag) -> (KeyName) () -> tag.substring(0, tag.indexOf(':'))).toArray(KeyName[]::new);
	}

	/** Each with a colon and the values that it takes. */
	List<String> tags() {
		return this.tags.isEmpty() ? List.of() : List.of(this.tags.split("; "));
	}

	/** Half a sentence for whoever reads the figures. */
	String meaning() {
		return this.meaning;
	}

}
