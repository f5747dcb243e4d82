package dz.flexy.gateway.observability;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SpanRedactionTest {

	private static final String SECRET = "4929-1234-5678";

	private final InMemorySpanExporter sent = InMemorySpanExporter.create();

	private final SpanExporter redacted = (SpanExporter) SpanRedaction.spansRedacted()
		.postProcessAfterInitialization(this.sent, "exporter");

	@Test
	void letsOutWhatIsNamedAndNothingElse() {
		try (SdkTracerProvider tracing = SdkTracerProvider.builder()
			.addSpanProcessor(SimpleSpanProcessor.create(this.redacted))
			.build()) {
			Span span = tracing.get("test").spanBuilder("upstream internet.send").startSpan();
			span.setAttribute("order.id", "6b02575bd3c6706d76d74e89").setAttribute("http.url", "/track/" + SECRET);
			span.recordException(new IllegalStateException("no such code: " + SECRET));
			span.addEvent(SECRET);
			span.setStatus(StatusCode.ERROR, "no such code: " + SECRET);
			span.end();

			SpanData out = this.sent.getFinishedSpanItems().getFirst();
			assertThat(out.getName()).isEqualTo("upstream internet.send");
			assertThat(out.getAttributes().asMap().toString()).contains("6b02575bd3c6706d76d74e89");
			assertThat(out.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
			assertThat(out.getEvents()).isEmpty();
			assertThat(out.getAttributes() + out.getStatus().getDescription()).doesNotContain(SECRET);
		}
	}

	@Test
	void leavesOtherBeansAsTheyAre() {
		Object other = new Object();

		assertThat(SpanRedaction.spansRedacted().postProcessAfterInitialization(other, "other")).isSameAs(other);
	}

}
