package dz.flexy.gateway.budget;

import java.util.function.Function;

import dz.flexy.gateway.account.AccountId;
import reactor.core.publisher.Mono;

/** The rows that all replicas share, one an account. */
interface UsageRows {

	/**
	 * Emits an account's row, which is made if there is none. Nothing is changed by it,
	 * so it may fail without a doubt.
	 */
	Mono<Row> read(AccountId account);

	/**
	 * Emits whether the row was still as it was read, and so was written. If it fails,
	 * nobody knows.
	 */
	Mono<Boolean> write(AccountId account, Row row);

	/**
	 * Has the work read and write the row while nobody else can. It must take less than
	 * half a second, or is broken off and nothing is written: who is frozen in the middle
	 * must not hold up the others.
	 * @param work reads and writes that row, once, through what it is given
	 * @return what the work emits, once that is committed; nothing is written if it emits
	 * nothing. Who cancels it breaks it off
	 */
	<T> Mono<T> alone(AccountId account, Function<UsageRows, Mono<T>> work);

	/**
	 * An account's row.
	 *
	 * @param usage may be changed, and written back
	 * @param version as read
	 * @param now the database's clock when it was read, microseconds since 1970
	 */
	record Row(Usage usage, long version, long now) {
	}

}
