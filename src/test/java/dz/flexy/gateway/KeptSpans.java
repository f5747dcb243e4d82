package dz.flexy.gateway;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Keeps the spans of a gateway that is started with {@code test.spans}, as exported. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("test.spans")
class KeptSpans {

	/** Of one gateway: the bean itself is wrapped by what redacts it. */
	static final InMemorySpanExporter KEPT = InMemorySpanExporter.create();

	@Bean
	SpanExporter keptSpanExporter() {
		return KEPT;
	}

}
