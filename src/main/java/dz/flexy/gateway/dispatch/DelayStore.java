package dz.flexy.gateway.dispatch;

import java.time.Duration;

import dz.flexy.gateway.account.AccountId;
import dz.flexy.gateway.account.Family;
import reactor.core.publisher.Mono;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/** How long the upstream has kept orders of ours from us, at most. */
@Component
class DelayStore {

	private final DatabaseClient database;

	DelayStore(DatabaseClient database) {
		this.database = database;
	}

	/** Emits the longest, 0 if none was seen. */
	Mono<Duration> longest(AccountId account, Family family) {
		return this.database.sql("""
				select (extract(epoch from longest) * 1000)::bigint from dispatch_delay
				where account = :account and family = :family""")
			.bind("account", account.value())
			.bind("family", family.label())
			.mapValue(Long.class)
			.one()
			.map(Duration::ofMillis)
			.defaultIfEmpty(Duration.ZERO);
	}

	/** Completes once no shorter one is stored. */
	Mono<Void> seen(AccountId account, Family family, Duration delay) {
		return this.database.sql("""
				insert into dispatch_delay as known (account, family, longest)
				values (:account, :family, :millis * interval '1 millisecond')
				on conflict (account, family) do update set longest = excluded.longest
				where known.longest < excluded.longest""")
			.bind("account", account.value())
			.bind("family", family.label())
			.bind("millis", delay.toMillis())
			.then();
	}

}
