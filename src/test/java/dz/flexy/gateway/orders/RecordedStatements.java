package dz.flexy.gateway.orders;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps each statement with what was bound to it, so that it can be explained as it was
 * made. Nothing stays of what any does.
 */
final class RecordedStatements implements ConnectionFactory {

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private final ConnectionFactory connections;

	private final List<Recorded> recorded = new CopyOnWriteArrayList<>();

	RecordedStatements(ConnectionFactory connections) {
		this.connections = connections;
	}

	/** Whatever is done is undone. */
	@Override
	public Publisher<Connection> create() {
		return Mono.from(this.connections.create())
			.flatMap((connection) -> Mono.from(connection.beginTransaction()).thenReturn(recording(connection)));
	}

	private Connection recording(Connection connection) {
		return proxy(Connection.class, (self, method, args) -> {
			if (method.getName().equals("close")) {
				return Mono.from(connection.rollbackTransaction()).then(Mono.from(connection.close()));
			}
			Object result = call(connection, method, args);
			return (result instanceof Statement statement) ? recording(statement, (String) args[0]) : result;
		});
	}

	@Override
	public ConnectionFactoryMetadata getMetadata() {
		return this.connections.getMetadata();
	}

	/** The statements of what is done. */
	List<Recorded> of(Publisher<?> work) {
		this.recorded.clear();
		Flux.from(work).blockLast(PATIENCE);
		return List.copyOf(this.recorded);
	}

	/** Executes a statement and undoes it. */
	Plan explain(Recorded statement) {
		return Mono
			.usingWhen(this.connections.create(),
					(connection) -> Mono.from(connection.beginTransaction())
						.then(Mono.defer(() -> explain(connection, statement)))
						.flatMap((plan) -> Mono.from(connection.rollbackTransaction()).thenReturn(plan)),
					Connection::close)
			.blockOptional(PATIENCE)
			.orElseThrow();
	}

	private static Mono<Plan> explain(Connection connection, Recorded recorded) {
		Statement statement = connection.createStatement("explain (analyze, buffers, format json) " + recorded.sql());
		recorded.bindings().forEach((binding) -> binding.apply(statement));
		return Flux.<Result>from(statement.execute())
			.flatMap((result) -> result.map((row) -> row.get(0, String.class)))
			.single()
			.map(Plan::parse);
	}

	private Statement recording(Statement statement, String sql) {
		List<Function<Statement, Statement>> bindings = new ArrayList<>();
		return proxy(Statement.class, (self, method, args) -> {
			if (method.getName().startsWith("bind")) {
				bindings.add((other) -> (Statement) call(other, method, args));
			}
			if (method.getName().equals("execute")) {
				this.recorded.add(new Recorded(sql, List.copyOf(bindings)));
			}
			Object result = call(statement, method, args);
			return (result instanceof Statement) ? self : result;
		});
	}

	@SuppressWarnings("AvoidObjectArrays") // the signature of reflection
	private static Object call(Object target, Method method, Object[] args) {
		try {
			return method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	record Recorded(String sql, List<Function<Statement, Statement>> bindings) {
	}

}
