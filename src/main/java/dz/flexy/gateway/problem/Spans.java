package dz.flexy.gateway.problem;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Spans of what is done for a request or by a job, carried in the Reactor context like
 * the request's id. Where tracing is off there is no tracer, and everything passes
 * through untouched.
 */
@Component
public class Spans {

	private final @Nullable Tracer tracer;

	@Autowired
	Spans(ObjectProvider<Tracer> tracer) {
		this(tracer.getIfAvailable());
		if (this.tracer != null) {
			// The first use looks for services in jars, which would block an event loop.
			this.tracer.currentSpan();
		}
	}

	private Spans(@Nullable Tracer tracer) {
		this.tracer = tracer;
	}

	/**
	 * Ones that are off.
	 * @return of no tracer
	 */
	public static Spans off() {
		return new Spans((Tracer) null);
	}

	/**
	 * Puts a call of another system into the span of whatever it is made for.
	 * @param <T> the call's outcome
	 * @param name of few, never with an id in it
	 * @param tags no key, number, reference or code among them
	 * @param call what is timed
	 * @param told describes the outcome
	 * @return the same
	 */
	public <T> Mono<T> call(String name, Map<String, String> tags, Mono<T> call, BiConsumer<Span, T> told) {
		Tracer known = this.tracer;
		if (known == null) {
			return call;
		}
		return Mono.deferContextual((context) -> {
			Span.Builder builder = known.spanBuilder().kind(Span.Kind.CLIENT);
			current(context).ifPresentOrElse(builder::setParent, builder::setNoParent);
			return within(builder.name(name), tags, call, told);
		});
	}

	/**
	 * Makes a job's work a span: of the trace that began it, if that is known here.
	 * @param <T> what comes of it
	 * @param name of few, never with an id in it
	 * @param tags no key, number, reference or code among them
	 * @param parent what it belongs to; empty for a trace of its own
	 * @param links what else it is about
	 * @param work what is timed; what it subscribes to sees the span
	 * @return the same
	 */
	public <T> Mono<T> job(String name, Map<String, String> tags, Optional<TraceContext> parent,
			List<TraceContext> links, Mono<T> work) {
		Tracer known = this.tracer;
		if (known == null) {
			return work;
		}
		return Mono.defer(() -> {
			Span.Builder builder = known.spanBuilder();
			parent.ifPresentOrElse(builder::setParent, builder::setNoParent);
			links.forEach((link) -> builder.addLink(new Link(link)));
			return within(builder.name(name), tags, work, (span, done) -> {
				// What came of it stands in the spans below.
			});
		});
	}

	/**
	 * The span that a pipeline runs in.
	 * @param context the Reactor context
	 * @return empty outside of any, and where tracing is off
	 */
	public Optional<TraceContext> current(ContextView context) {
		if (this.tracer == null) {
			return Optional.empty();
		}
		return context.<Span>getOrEmpty(Span.class)
			.or(() -> context.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY).flatMap(Spans::span))
			.map(Span::context);
	}

	private static Optional<Span> span(Observation request) {
		TracingContext traced = request.getContext().get(TracingContext.class);
		return Optional.ofNullable(traced).map(TracingContext::getSpan);
	}

	private static <T> Mono<T> within(Span.Builder builder, Map<String, String> tags, Mono<T> work,
			BiConsumer<Span, T> told) {
		tags.forEach(builder::tag);
		Span span = builder.start();
		return work.doOnNext((done) -> told.accept(span, done))
			.doOnError((failure) -> span.tag("failure", failure.getClass().getSimpleName()))
			.doFinally((end) -> span.end())
			.contextWrite((Context context) -> context.put(Span.class, span));
	}

}
