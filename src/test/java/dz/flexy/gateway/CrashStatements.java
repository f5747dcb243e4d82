package dz.flexy.gateway;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Parameter;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.Wrapped;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Knows the statements that move an order or a payment on, and stops before or after
 * them: only of those that this process took itself, not of what a dead one left. Each
 * statement is a transaction of its own. A proxy library's listeners would have to block
 * an event loop.
 */
final class CrashStatements implements ConnectionFactory {

	private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{24}\\b");

	/** Of an order that is accepted; those that come at once are in one statement. */
	private static final Pattern ACCEPTED = Pattern.compile("\"id\":\"([0-9a-f]{24})\"");

	private final ConnectionFactory connections;

	private final CrashSeam seam;

	private final Set<String> own = ConcurrentHashMap.newKeySet();

	CrashStatements(ConnectionFactory connections, CrashSeam seam) {
		this.connections = connections;
		this.seam = seam;
	}

	@Override
	public Publisher<Connection> create() {
		return Mono.from(this.connections.create())
			.map((connection) -> proxy(Connection.class, (self, method, args) -> {
				Object result = call(connection, method, args);
				return (result instanceof Statement statement) ? watched(statement, (String) args[0]) : result;
			}));
	}

	@Override
	public ConnectionFactoryMetadata getMetadata() {
		return this.connections.getMetadata();
	}

	private Statement watched(Statement statement, String sql) {
		Set<String> bound = new TreeSet<>();
		return proxy(Statement.class, (self, method, args) -> {
			if (method.getName().equals("bind")) {
				Object value = (args[1] instanceof Parameter parameter) ? parameter.getValue() : args[1];
				Optional.ofNullable(value).map(Object::toString).ifPresent(bound::add);
			}
			Object result = call(statement, method, args);
			if (method.getName().equals("execute")) {
				@SuppressWarnings("unchecked")
				Publisher<? extends Result> results = (Publisher<? extends Result>) result;
				return executed(sql, bound, results);
			}
			return (result instanceof Statement) ? self : result;
		});
	}

	private Publisher<? extends Result> executed(String sql, Set<String> bound, Publisher<? extends Result> results) {
		List<String> ids = bound.stream()
			.flatMap((value) -> ID.matcher(value).results())
			.map(MatchResult::group)
			.distinct()
			.toList();
		Optional<Step> step = Step.of(sql)
			.filter((known) -> known.isFirst() || this.own.stream().anyMatch(ids::contains));
		/*
		 * On a busy machine the first may be too late to be sent; it is asked for again.
		 */
		if (step.isEmpty() || bound.contains("NOT_SENT")) {
			return results;
		}
		this.own.addAll(ids);
		List<String> whoever = whoever(step.get(), ids, bound);
		return this.seam.pass(step.get().before, whoever)
			.thenMany(Flux.<Result>from(results))
			.concatWith(this.seam.pass(step.get().after, whoever).then(Mono.empty()));
	}

	private static List<String> whoever(Step step, List<String> ids, Set<String> bound) {
		return switch (step) {
			case ACCEPTANCE -> bound.stream()
				.flatMap((value) -> ACCEPTED.matcher(value).results())
				.map((found) -> found.group(1))
				.toList();
			/* One that waits too long is not made, and may be asked for again. */
			case PAYMENT, PAID -> List.of("payment");
			case SENDING, OUTCOME -> List.of(String.join(" ", ids));
		};
	}

	private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException failure) {
			throw failure.getCause();
		}
	}

	/** As the pool's connections are, so that they can be cut. */
	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type, Wrapped.class }, handler));
	}

	/** A commit and the points on both sides of it. */
	private enum Step {

		ACCEPTANCE("insert into orders_order", CrashPoint.BEFORE_ACCEPTANCE, CrashPoint.AFTER_ACCEPTANCE),
		SENDING("set state = 'SENDING'", CrashPoint.AFTER_PERMIT, CrashPoint.AFTER_SENDING),
		PAYMENT("insert into passthrough_payment", CrashPoint.AFTER_PERMIT, CrashPoint.AFTER_SENDING),
		OUTCOME("orders_event", CrashPoint.BEFORE_OUTCOME, CrashPoint.AFTER_OUTCOME),
		PAID("update passthrough_payment set state = $", CrashPoint.BEFORE_OUTCOME, CrashPoint.AFTER_OUTCOME);

		private final String words;

		private final CrashPoint before;

		private final CrashPoint after;

		Step(String words, CrashPoint before, CrashPoint after) {
			this.words = words;
			this.before = before;
			this.after = after;
		}

		/** The first that fits: each move writes an event. */
		static Optional<Step> of(String sql) {
			return Stream.of(values())
				.filter((step) -> sql.contains(step.words) && (step != OUTCOME || sql.contains("update orders_order")))
				.findFirst();
		}

		boolean isFirst() {
			return this == ACCEPTANCE || this == PAYMENT;
		}

	}

}
