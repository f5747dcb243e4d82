package dz.flexy.gateway.orders;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.connection.SingleConnectionFactory;

import static dz.flexy.gateway.orders.Ledger.LIMIT;
import static dz.flexy.gateway.orders.Ledger.await;

/** A ledger whose writes stay in one transaction until the test commits it. */
final class Transaction {

	private final Connection connection;

	private final Ledger ledger;

	private Transaction(Connection connection, Ledger ledger) {
		this.connection = connection;
		this.ledger = ledger;
	}

	static Transaction begin(ConnectionFactory connections) {
		Connection connection = await(Mono.from(connections.create()));
		Mono.from(connection.beginTransaction()).block(LIMIT);
		return new Transaction(connection,
				new Ledger(new SingleConnectionFactory(connection, connections.getMetadata(), true)));
	}

	Ledger ledger() {
		return this.ledger;
	}

	/** Gives the transaction its place among others without any event yet. */
	void claimPlace() {
		await(Flux.from(this.connection.createStatement("select pg_current_xact_id()::text").execute())
			.flatMap((result) -> result.map((row) -> row.get(0, String.class)))
			.single());
	}

	void commit() {
		Mono.from(this.connection.commitTransaction()).then(Mono.from(this.connection.close())).block(LIMIT);
	}

}
