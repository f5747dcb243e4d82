package dz.flexy.gateway.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The way of a call: logged, counted against its key's window, met by a fault or not,
 * handled, logged again with its answer. Decides without waiting; how the answer travels
 * is part of it.
 */
final class FrontDesk {

	private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter
		.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private final Clock clock;

	private final Ids ids;

	private final Keys keys;

	private final Application application;

	private final List<Route> routes;

	private final RequestLog log = new RequestLog();

	private final Faults faults = new Faults();

	private final Drift drift = new Drift();

	FrontDesk(Clock clock, Ids ids, Keys keys, Application application, List<Route> routes) {
		this.clock = clock;
		this.ids = ids;
		this.keys = keys;
		this.application = application;
		this.routes = routes;
	}

	Answer answer(Call call) {
		Instant now = this.clock.instant();
		Scene scene = Scene.of(now, this.ids.request(now), this.drift);
		Optional<Routed> routed = Routed.find(this.routes, call);
		ReceivedRequest received = this.log.received(call, routed, now);
		Answer answer = counted(new Case(call, routed, received, scene));
		this.log.answered(received, answer.visibleStatus());
		return answer;
	}

	RequestLog log() {
		return this.log;
	}

	Faults faults() {
		return this.faults;
	}

	Drift drift() {
		return this.drift;
	}

	private record Case(Call call, Optional<Routed> routed, ReceivedRequest received, Scene scene) {
	}

	private Answer counted(Case it) {
		Instant now = it.scene().now();
		Optional<Admission> admission = this.keys.find(it.call().key()).map((key) -> key.window().admit(now));
		Map<String, String> headers = admission.map(Admission::headers).orElse(Map.of());
		if (admission.isPresent() && !admission.get().allowed()) {
			String retryAfter = Long.toString(admission.get().retryAfterSeconds(now));
			return headed(Envelope.failure(429, "RATE_LIMIT_EXCEEDED", "Too many requests", it.scene()), headers, it)
				.with(Map.of("Retry-After", retryAfter));
		}
		return handled(it, headers);
	}

	private Answer handled(Case it, Map<String, String> headers) {
		Optional<Fault> fault = this.faults.pick(it.received()).or(() -> firstSendFault(it));
		if (fault.isPresent() && fault.get().before()) {
			return fault.get().effect().on(headed(Answer.json(500, ""), headers, it), it.scene());
		}
		Scene scene = it.scene().hiding(fault.map(Fault::hidden).orElse(Duration.ZERO));
		Answer served = headed(this.application.serve(it.call(), it.routed(), scene), headers, it);
		return fault.or(() -> committedFault(served)).map((after) -> after.effect().on(served, scene)).orElse(served);
	}

	private Optional<Fault> firstSendFault(Case it) {
		ReceivedRequest request = it.received();
		Optional<Fault> fault = Optional.ofNullable(SuffixOutcome.of(request.number()).faultOfFirstSend());
		String attempt = request.ref().isEmpty() ? request.number() : request.ref();
		return fault.filter((found) -> request.isSend())
			.filter((found) -> this.keys.find(it.call().key())
				.map((key) -> key.book().firstAttempt(attempt))
				.orElse(false));
	}

	private static Optional<Fault> committedFault(Answer served) {
		return Optional.ofNullable(served.committed()).flatMap((deal) -> Optional.ofNullable(deal.faultAfterCommit()));
	}

	private static Answer headed(Answer answer, Map<String, String> rateHeaders, Case it) {
		Answer dated = answer.with(rateHeaders).with(Map.of("Date", HTTP_DATE.format(it.scene().now())));
		boolean anonymous = it.scene().drift().has(Quirk.REQUEST_ID_HEADER_MISSING);
		return anonymous ? dated : dated.with(Map.of("X-Request-ID", it.scene().requestId()));
	}

}
