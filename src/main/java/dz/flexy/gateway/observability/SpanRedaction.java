package dz.flexy.gateway.observability;

import java.util.Collection;
import java.util.List;
import java.util.Set;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets out of a span only what is known to be harmless, wherever spans go: attributes
 * that are named here, and no message of any failure, since those repeat what callers
 * wrote.
 */
@Configuration(proxyBeanMethods = false)
class SpanRedaction {

	private static final Set<String> HARMLESS = Set.of("account", "caller", "endpoint", "error", "exception", "failure",
			"family", "lane", "method", "order.id", "orders.due", "outcome", "request.id", "status",
			"upstream.request.id", "uri");

	@Bean
	static BeanPostProcessor spansRedacted() {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				return (bean instanceof SpanExporter exporter) ? new RedactingExporter(exporter) : bean;
			}

		};
	}

	private record RedactingExporter(SpanExporter exporter) implements SpanExporter {

		@Override
		public CompletableResultCode export(Collection<SpanData> spans) {
			return this.exporter.export(spans.stream().<SpanData>map(RedactedSpan::new).toList());
		}

		@Override
		public CompletableResultCode flush() {
			return this.exporter.flush();
		}

		@Override
		public CompletableResultCode shutdown() {
			return this.exporter.shutdown();
		}

	}

	private static final class RedactedSpan extends DelegatingSpanData {

		private final Attributes attributes;

		RedactedSpan(SpanData span) {
			super(span);
			AttributesBuilder harmless = span.getAttributes().toBuilder();
			harmless.removeIf((key) -> !HARMLESS.contains(key.getKey()));
			this.attributes = harmless.build();
		}

		@Override
		public Attributes getAttributes() {
			return this.attributes;
		}

		@Override
		public int getTotalAttributeCount() {
			return this.attributes.size();
		}

		@Override
		public List<EventData> getEvents() {
			return List.of();
		}

		@Override
		public int getTotalRecordedEvents() {
			return 0;
		}

		@Override
		public StatusData getStatus() {
			return StatusData.create(super.getStatus().getStatusCode(), "");
		}

	}

}
