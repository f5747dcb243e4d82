package dz.flexy.gateway.reconciliation;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dz.flexy.gateway.problem.ErrorCode;
import dz.flexy.gateway.problem.Problem;

import org.springframework.web.reactive.function.server.ServerRequest;

/** Reads parameters of a query; each failure is a 400 that names its field. */
record Parameters(ServerRequest request) {

	private static final int LARGEST_PAGE = 100;

	private static final int USUAL_PAGE = 20;

	/** Of two values neither is known to be meant; the database takes no NUL. */
	Optional<String> text(String name) {
		List<String> values = this.request.queryParams().getOrDefault(name, List.of());
		if (values.size() > 1 || values.stream().anyMatch((value) -> value.indexOf(0) >= 0)) {
			throw problem(name, "must be given once, without NUL");
		}
		return values.stream().findFirst();
	}

	Optional<String> oneOf(String name, Collection<String> allowed) {
		return text(name).map((value) -> {
			if (!allowed.contains(value)) {
				throw problem(name, "must be one of " + String.join(", ", allowed));
			}
			return value;
		});
	}

	int limit() {
		return text("limit").map((value) -> {
			if (!value.matches("[1-9][0-9]?|100")) {
				throw problem("limit", "must be a whole number from 1 to " + LARGEST_PAGE);
			}
			return Integer.valueOf(value);
		}).orElse(USUAL_PAGE);
	}

	static Problem problem(String field, String rule) {
		return Problem.of(ErrorCode.ERR_VALIDATION, field + " " + rule).detail("field", field).money(false, true);
	}

}
