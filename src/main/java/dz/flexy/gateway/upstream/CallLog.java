package dz.flexy.gateway.upstream;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dz.flexy.gateway.problem.RequestId;
import dz.flexy.gateway.problem.RequestNotes;
import dz.flexy.gateway.problem.Spans;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Component;

/** One line, timer sample and span per upstream call; no key, number, ref or body. */
@Component
class CallLog {

	private static final Logger log = LoggerFactory.getLogger(CallLog.class);

	private final MeterRegistry meters;

	private final Clock clock;

	private final Spans spans;

	CallLog(MeterRegistry meters, Clock clock, Spans spans) {
		this.meters = meters;
		this.clock = clock;
		this.spans = spans;
	}

	<T> Function<Mono<Outcome<T>>, Mono<Outcome<T>>> around(Call call, String endpoint) {
		return (exchange) -> Mono.deferContextual((context) -> {
			long start = this.clock.monotonicTime();
			RequestId request = RequestId.of(context);
			return traced(call, endpoint, exchange).doOnNext((outcome) -> {
				record(call, endpoint, request, start, outcome);
				RequestNotes.of(context).ifPresent((notes) -> notes.upstreamRequest(upstreamRequest(outcome)));
			});
		});
	}

	private void record(Call call, String endpoint, RequestId request, long start, Outcome<?> outcome) {
		long nanos = this.clock.monotonicTime() - start;
		String kind = kind(outcome);
		UpstreamMeter.CALLS.timer(this.meters, "endpoint", endpoint, "lane", call.lane().label(), "outcome", kind)
			.record(nanos, TimeUnit.NANOSECONDS);
		log.info("upstream {} account={} lane={} outcome={} {} ms={} upstreamRequest={} request={}", endpoint,
				call.account().id(), call.lane().label(), kind, reason(outcome), nanos / 1_000_000,
				upstreamRequest(outcome), request);
	}

	/**
	 * Nothing of it is sent along: the upstream never said that it takes trace headers.
	 */
	private <T> Mono<Outcome<T>> traced(Call call, String endpoint, Mono<Outcome<T>> exchange) {
		Map<String, String> tags = Map.of("account", call.account().id().value(), "endpoint", endpoint, "lane",
				call.lane().label());
		return this.spans.call("upstream " + endpoint, tags, exchange, (span,
				outcome) -> span.tag("outcome", kind(outcome)).tag("upstream.request.id", upstreamRequest(outcome)));
	}

	private static String kind(Outcome<?> outcome) {
		return switch (outcome) {
			case Outcome.Success<?> success -> "success";
			case Outcome.Refused<?> refused -> "refused";
			case Outcome.NotSent<?> notSent -> "not-sent";
			case Outcome.MayHaveActed<?> unclear -> "may-have-acted";
		};
	}

	private static String reason(Outcome<?> outcome) {
		return switch (outcome) {
			case Outcome.Success<?> success -> "";
			case Outcome.Refused<?> refused -> refused.refusal().code();
			case Outcome.NotSent<?> notSent -> notSent.reason();
			case Outcome.MayHaveActed<?> unclear -> unclear.reason();
		};
	}

	private static String upstreamRequest(Outcome<?> outcome) {
		return switch (outcome) {
			case Outcome.Success<?> success -> success.requestId();
			case Outcome.Refused<?> refused -> refused.refusal().requestId();
			default -> "-";
		};
	}

}
