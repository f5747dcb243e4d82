package dz.flexy.gateway;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Leaves everything out that traces, unless there is an endpoint to send spans to:
 * libraries would otherwise make spans of each request and throw them away. Logs are
 * never sent to it.
 */
class TracingSwitch implements AutoConfigurationImportFilter, EnvironmentAware {

	static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

	private static final List<String> TRACING = List.of("org.springframework.boot.micrometer.tracing.",
			"org.springframework.boot.opentelemetry.");

	private static final String LOGGING = "org.springframework.boot.opentelemetry.autoconfigure.logging.";

	private boolean on;

	@Override
	public void setEnvironment(Environment environment) {
		this.on = !environment.getProperty(ENDPOINT, "").isBlank();
	}

	@Override
	public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
		boolean[] kept = new boolean[configurations.length];
		for (int i = 0; i < kept.length; i++) {
			String name = configurations[i];
			kept[i] = name == null || isKept(name);
		}
		return kept;
	}

	private boolean isKept(String name) {
		return !name.startsWith(LOGGING) && (this.on || TRACING.stream().noneMatch(name::startsWith));
	}

}
