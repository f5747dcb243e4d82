package dz.flexy.gateway.stream;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.function.server.ServerRequest;

/** What a client says of the last event it has seen. */
sealed interface LastEventId {

	/** It connects for the first time. */
	record None() implements LastEventId {
	}

	/** It has seen the event of this number. */
	record Seen(long number) implements LastEventId {
	}

	/** No number that any stream has given. */
	record Unusable() implements LastEventId {
	}

	/** Numbers that fit a {@code long}. */
	Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

	static LastEventId of(ServerRequest request) {
		return parse(request.headers().firstHeader("Last-Event-ID"));
	}

	static LastEventId parse(@Nullable String header) {
		if (header == null || header.isBlank()) {
			return new None();
		}
		String text = header.trim();
		return NUMBER.matcher(text).matches() ? new Seen(Long.parseLong(text)) : new Unusable();
	}

}
