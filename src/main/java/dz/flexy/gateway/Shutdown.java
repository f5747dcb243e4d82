package dz.flexy.gateway;

import java.time.Duration;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;

/**
 * How long the steps of a stop may take. Streams and waiting sends end by themselves, and
 * no other request may hold the stop up; the steps behind it are bounded each by itself,
 * but for a send of gift cards, which is waited for.
 */
@Configuration(proxyBeanMethods = false)
class Shutdown {

	private static final Duration REQUESTS = Duration.ofMillis(2500);

	/** The longest answer, and the longest that its commit is tried again. */
	private static final Duration GIFT_CARDS = Duration.ofMinutes(1);

	@Bean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME)
	static DefaultLifecycleProcessor lifecycleProcessor() {
		DefaultLifecycleProcessor processor = new DefaultLifecycleProcessor();
		processor.setTimeoutPerShutdownPhase(GIFT_CARDS.toMillis());
		processor.setTimeoutForShutdownPhase(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE, REQUESTS.toMillis());
		return processor;
	}

}
