package dz.flexy.gateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/** Everything that is logged while it is open, the named loggers down to DEBUG. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

	private final List<String> lines = new ArrayList<>();

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

	@Override
	protected synchronized void append(ILoggingEvent event) {
		this.lines.add(event.getLoggerName() + " " + event.getFormattedMessage() + " "
				+ ThrowableProxyUtil.asString(event.getThrowableProxy()));
	}

	@Override
	public void close() {
		root().detachAppender(this);
		this.before.forEach(Logger::setLevel);
		stop();
	}

	private static Logger root() {
		return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
	}

}
