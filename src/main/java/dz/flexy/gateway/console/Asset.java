package dz.flexy.gateway.console;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * A file of the class path. Read at its first demand, since few replicas are ever asked
 * for it, and kept.
 */
final class Asset {

	/** Nothing but what this gateway serves, and no script or style within the page. */
	private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	/** Pages need none of the machine's gifts but to copy a code. */
	private static final String PERMISSIONS = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), "
			+ "clipboard-write=(self), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), microphone=(), "
			+ "midi=(), payment=(), usb=()";

	private static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

	private final MediaType type;

	private final Mono<Content> content;

	/**
	 * @param place asked off the event loop: finding it may read the class path
	 */
	Asset(MediaType type, Supplier<String> place) {
		this.type = type;
		this.content = Mono.fromCallable(() -> Content.read(place.get()))
			.subscribeOn(Schedulers.boundedElastic())
			.cache((read) -> FOR_EVER, (failure) -> Duration.ZERO, () -> Duration.ZERO);
	}

	/** The file, or 304 for who has it: it changes with the gateway's version only. */
	Mono<ServerResponse> answer(ServerRequest request) {
		return this.content.flatMap((file) -> request.checkNotModified(file.tag)
			.switchIfEmpty(Mono.defer(() -> ServerResponse.ok()
				.contentType(this.type)
				.cacheControl(CacheControl.noCache())
				.eTag(file.tag)
				.header("Content-Security-Policy", POLICY)
				.header("X-Content-Type-Options", "nosniff")
				.header("X-Frame-Options", "DENY")
				.header("Referrer-Policy", "no-referrer")
				.header("Permissions-Policy", PERMISSIONS)
				.header("Cross-Origin-Opener-Policy", "same-origin")
				.header("Cross-Origin-Embedder-Policy", "require-corp")
				.header("Cross-Origin-Resource-Policy", "same-origin")
				.bodyValue(file.bytes))));
	}

	private static final class Content {

		private final byte[] bytes;

		private final String tag;

		private Content(byte[] bytes, String tag) {
			this.bytes = bytes;
			this.tag = tag;
		}

		static Content read(String place) throws IOException, NoSuchAlgorithmException {
			byte[] bytes = new ClassPathResource(place).getContentAsByteArray();
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
			return new Content(bytes, '"' + HexFormat.of().formatHex(digest, 0, 16) + '"');
		}

	}

}
