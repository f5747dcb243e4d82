package dz.flexy.gateway.observability;

import java.util.List;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/** What libraries meter of the process; those of the JVM are left out here. */
enum LibraryMeter implements MeterDocumentation {

	REQUESTS(Meter.Type.TIMER, "http.server.requests", "seconds",
			"requests to port 8080 that were answered; a stream counts when it ends", "uri: <route>",
			"method: <method>", "status: <status>",
			"outcome: INFORMATIONAL | SUCCESS | REDIRECTION | CLIENT_ERROR | SERVER_ERROR | UNKNOWN", "error: <class>",
			"exception: <class>"),
	ACQUIRED(Meter.Type.GAUGE, "r2dbc.pool.acquired", "connections", "connections to the database that are in use",
			"name: connectionFactory"),
	ALLOCATED(Meter.Type.GAUGE, "r2dbc.pool.allocated", "connections", "connections that are in use or idle",
			"name: connectionFactory"),
	IDLE(Meter.Type.GAUGE, "r2dbc.pool.idle", "connections", "connections that are idle", "name: connectionFactory"),
	PENDING(Meter.Type.GAUGE, "r2dbc.pool.pending", "connections", "statements that wait for a connection",
			"name: connectionFactory"),
	MOST(Meter.Type.GAUGE, "r2dbc.pool.max.allocated", "connections", "connections that the pool may have",
			"name: connectionFactory"),
	MOST_PENDING(Meter.Type.GAUGE, "r2dbc.pool.max.pending", "connections", "statements that may wait",
			"name: connectionFactory"),
	LOGGED(Meter.Type.COUNTER, "logback.events", "events", "lines of the log that its level lets through",
			"level: error | warn | info | debug | trace");

	private final Meter.Type type;

	private final String meter;

	private final String unit;

	private final String meaning;

	/** Each tag, a colon, and the values that it takes; semicolons between them. */
	private final String tags;

	LibraryMeter(Meter.Type type, String meter, String unit, String meaning, String... tags) {
		this.type = type;
		this.meter = meter;
		this.unit = unit;
		this.meaning = meaning;
		this.tags = String.join("; ", tags);
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
