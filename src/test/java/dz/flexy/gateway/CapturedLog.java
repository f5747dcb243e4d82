package dz.flexy.gateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Everything that is logged while it is open, the named loggers down to DEBUG. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private record Waiter(Predicate<String> match, Sinks.One<String> sink) {
	}

	private final List<String> lines = new ArrayList<>();

	private final List<Waiter> waiters = new ArrayList<>();

	private final Map<Logger, Level> before = new LinkedHashMap<>();

	public CapturedLog(String... debugged) {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		setContext(context);
		start();
		for (String name : debugged) {
			Logger logger = context.getLogger(name);
			this.before.put(logger, logger.getLevel());
			logger.setLevel(Level.DEBUG);
		}
		root().addAppender(this);
	}

	public synchronized List<String> lines() {
		return List.copyOf(this.lines);
	}

	/** Emits the first matching line, past or future. */
	public synchronized Mono<String> first(Predicate<String> match) {
		Optional<String> past = this.lines.stream().filter(match).findFirst();
		if (past.isPresent()) {
			return Mono.just(past.get());
		}
		Waiter waiter = new Waiter(match, Sinks.one());
		this.waiters.add(waiter);
		return waiter.sink().asMono();
	}

	@Override
	protected synchronized void append(ILoggingEvent event) {
		String line = event.getLoggerName() + " " + event.getFormattedMessage() + " "
				+ ThrowableProxyUtil.asString(event.getThrowableProxy());
		this.lines.add(line);
		this.waiters.removeIf((waiter) -> tell(waiter, line));
	}

	@Override
	public void close() {
		root().detachAppender(this);
		this.before.forEach(Logger::setLevel);
		stop();
	}

	private static boolean tell(Waiter waiter, String line) {
		boolean wanted = waiter.match().test(line);
		if (wanted) {
			waiter.sink().tryEmitValue(line);
		}
		return wanted;
	}

	private static Logger root() {
		return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
	}

}
