package dz.flexy.gateway;

import java.util.concurrent.atomic.AtomicBoolean;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Holds each answer that a test's client reads against the published contract. A stream
 * is looked at when it opens; its events are checked where they are read.
 */
final class ContractFilter implements ExchangeFilterFunction {

	private static final byte[] NOTHING = new byte[0];

	private final PublishedContract contract;

	ContractFilter(PublishedContract contract) {
		this.contract = contract;
	}

	static ContractFilter shared() {
		return new ContractFilter(PublishedContract.shared());
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return next.exchange(request)
			.map((response) -> response.headers()
				.contentType()
				.filter(MediaType.TEXT_EVENT_STREAM::isCompatibleWith)
				.isPresent() ? opened(request, response) : whole(request, response));
	}

	private ClientResponse opened(ClientRequest request, ClientResponse response) {
		check(request, response, NOTHING);
		return response;
	}

	/** The client subscribes once more when it has read all, to be sure. */
	private ClientResponse whole(ClientRequest request, ClientResponse response) {
		AtomicBoolean unread = new AtomicBoolean(true);
		return response.mutate()
			.body((Flux<DataBuffer> body) -> Flux.defer(() -> unread.getAndSet(false) ? DataBufferUtils.join(body)
				.map(ContractFilter::bytes)
				.defaultIfEmpty(NOTHING)
				.doOnNext((bytes) -> check(request, response, bytes))
				.filter((bytes) -> bytes.length > 0)
				.<DataBuffer>map(DefaultDataBufferFactory.sharedInstance::wrap)
				.flux() : body))
			.build();
	}

	private void check(ClientRequest request, ClientResponse response, byte[] body) {
		String query = request.url().getRawQuery();
		this.contract.check(request.method(), request.url().getRawPath() + ((query != null) ? "?" + query : ""),
				response.statusCode().value(), response.headers().asHttpHeaders(), body);
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

}
