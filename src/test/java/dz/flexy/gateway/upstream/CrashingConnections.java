package dz.flexy.gateway.upstream;

import java.util.Set;
import java.util.function.Consumer;

import dz.flexy.gateway.budget.Lane;
import io.netty.channel.Channel;
import reactor.netty.Connection;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Shows the channel of each purchase right before its last step, with connection and
 * permit in hand.
 */
public final class CrashingConnections implements BeanPostProcessor {

	private static final Set<String> PURCHASES = Set.of("/v3/internet/send", "/v3/mobile/send",
			"/v3/gift-cards/placeOrder", "/v3/bills/pay");

	private final BeanFactory beans;

	private final Consumer<Channel> watcher;

	public CrashingConnections(BeanFactory beans, Consumer<Channel> watcher) {
		this.beans = beans;
		this.watcher = watcher;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof Connections)
				? new Watched(this.beans.getBean(UpstreamProperties.class), showing(this.watcher)) : bean;
	}

	private static ExchangeFilterFunction showing(Consumer<Channel> watcher) {
		return (request, next) -> isPurchase(request)
				? next
					.exchange(ClientRequest.from(request).httpRequest((http) -> watcher.accept(channel(http))).build())
				: next.exchange(request);
	}

	private static boolean isPurchase(ClientRequest request) {
		return request.method().equals(HttpMethod.POST) && PURCHASES.contains(request.url().getPath());
	}

	private static Channel channel(ClientHttpRequest request) {
		Connection connection = request.getNativeRequest();
		return connection.channel();
	}

	private static final class Watched extends Connections {

		private final ExchangeFilterFunction filter;

		Watched(UpstreamProperties properties, ExchangeFilterFunction filter) {
			super(properties);
			this.filter = filter;
		}

		@Override
		WebClient client(Lane lane) {
			return super.client(lane).mutate().filter(this.filter).build();
		}

	}

}
