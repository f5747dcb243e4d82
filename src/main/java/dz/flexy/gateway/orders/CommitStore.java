package dz.flexy.gateway.orders;

import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/** Asks the database what a commit of this gateway survives. */
@Component
class CommitStore {

	/** {@code on}, {@code remote_write} and {@code remote_apply} wait for a standby. */
	private static final String SYNCHRONOUS = """
			select current_setting('synchronous_standby_names') <> ''
			       and current_setting('synchronous_commit') not in ('off', 'local') as synchronous""";

	private final DatabaseClient database;

	CommitStore(DatabaseClient database) {
		this.database = database;
	}

	/** Emits whether commits wait for a standby. */
	Mono<Boolean> isSynchronous() {
		return this.database.sql(SYNCHRONOUS).mapValue(Boolean.class).one();
	}

}
