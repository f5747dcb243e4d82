package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * During an update the replicas of the last version work on tables that the next one has
 * changed already. So a migration only adds, and holds no lock for long; the rule is in
 * docs/operations.md. What cannot be said by a pattern is for the reader.
 */
class MigrationsTest {

	private static final Path MIGRATIONS = Path.of("src", "main", "resources", "db", "migration");

	/** Those up to here ran before any replica did. */
	private static final int LANDED = 18;

	/** Says that no replica that may still run needs what goes. */
	private static final Pattern CONTRACT = Pattern.compile("(?m)^-- contract: nothing since \\d+\\.\\d+\\.\\d+ .+$");

	private static final Map<String, String> TAKEN_AWAY = Map.of("drop table", "\\bdrop table\\b", "drop column",
			"\\bdrop (column )?(if exists )?(?!index|constraint|default|not null|trigger|function)\\w+", "rename",
			"\\brename\\b", "change of type", "\\balter (column )?\\w+ (set data )?type\\b", "not null",
			"\\bset not null\\b", "truncate", "\\btruncate\\b", "lock table", "\\block table\\b");

	private static final Pattern CREATED = Pattern.compile("\\bcreate (?:unlogged )?table (?:if not exists )?(\\w+)");

	private static final Pattern INDEX = Pattern
		.compile("\\bcreate (?:unique )?index (concurrently )?(?:if not exists )?(\\w+) on (?:only )?\\w+");

	private static final Pattern COLUMN = Pattern.compile("\\balter table (?:only )?(\\w+) ([^;]*)");

	@Test
	void holdsEachNewMigrationToTheRule() {
		for (Path migration : migrations()) {
			assertThat(problems(read(migration),
					Files.exists(Path.of(migration + ".conf")) ? read(Path.of(migration + ".conf")) : ""))
				.as(migration.toString())
				.isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "drop table orders_order;", "alter table orders_order drop column number;",
			"alter table orders_order drop number;", "alter table orders_order rename column number to line;",
			"alter table orders_order rename to orders;", "alter table orders_order alter column cost type text;",
			"alter table orders_order alter cost set data type text;",
			"alter table orders_order alter column cost set not null;", "truncate orders_event;",
			"lock table orders_order;", "create index x on orders_order (number);",
			"create unique index x on orders_order (number);", "create index concurrently x on orders_order (number);",
			"alter table orders_order add column x int not null;",
			"alter table orders_order add constraint x check (cost > 0);",
			"alter table orders_order add column x timestamptz default clock_timestamp();",
			"DROP  TABLE\n orders_order;" })
	void seesWhatAReplicaOfTheLastVersionWouldFeel(String sql) {
		assertThat(problems(sql, "")).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "create table x (a int not null); create index x_a on x (a); alter table x rename to y;",
			"alter table orders_order add column x int;",
			"alter table orders_order add column x int not null default 0;",
			"alter table orders_order add constraint x check (cost > 0) not valid;",
			"alter table orders_order validate constraint x;",
			"-- contract: nothing since 0.3.0 reads it\nalter table orders_order drop column x;",
			"-- drop table orders_order\nselect 1;", "drop index concurrently if exists x;" })
	void letsPassWhatItWouldNot(String sql) {
		assertThat(problems(sql, "")).isEmpty();
	}

	/** The page's own example. */
	@Test
	void letsIndexesBeMadeBesideTheWork() {
		String example = Pattern.compile("(?s)```\\n(set lock_timeout.*?)```")
			.matcher(read(Path.of("docs", "operations.md")))
			.results()
			.findFirst()
			.orElseThrow()
			.group(1);

		assertThat(problems(example, "executeInTransaction=false")).isEmpty();
		assertThat(problems(example, "")).isNotEmpty();
		assertThat(problems(example.replaceAll("drop .*", ""), "executeInTransaction=false")).isNotEmpty();
	}

	private static List<String> problems(String source, String settings) {
		String sql = source.replaceAll("(?m)--.*$", "").replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
		Set<String> own = new HashSet<>(CREATED.matcher(sql).results().map((table) -> table.group(1)).toList());
		List<String> problems = new ArrayList<>();
		for (String statement : sql.split(";")) {
			if (own.stream().noneMatch((table) -> statement.matches(".*\\b" + table + "\\b.*"))) {
				if (!CONTRACT.matcher(source).find()) {
					TAKEN_AWAY.forEach((what, pattern) -> {
						if (Pattern.compile(pattern).matcher(statement).find()) {
							problems.add(what + ":" + statement);
						}
					});
				}
				locks(sql, statement, settings, problems);
			}
		}
		return problems;
	}

	private static void locks(String sql, String statement, String settings, List<String> problems) {
		for (MatchResult index : INDEX.matcher(statement).results().toList()) {
			if (index.group(1) == null) {
				problems.add("an index that stops all writes until it is made:" + statement);
			}
			else if (!settings.contains("executeInTransaction=false")) {
				problems
					.add("concurrently needs executeInTransaction=false in a file .sql.conf beside it:" + statement);
			}
			else if (!sql.contains("set lock_timeout = 0;")
					|| !sql.contains("drop index concurrently if exists " + index.group(2) + ";")) {
				problems.add("half an index may be left of a start before:" + statement);
			}
		}
		for (MatchResult change : COLUMN.matcher(statement).results().toList()) {
			String what = change.group(2);
			if (what.matches(".*\\badd column\\b.*\\bnot null\\b.*") && !what.contains(" default ")) {
				problems.add("a column that the last version does not fill:" + statement);
			}
			if (what.matches(".*\\bdefault (clock_timestamp|random|gen_random_uuid|nextval)\\b.*")) {
				problems.add("a default that rewrites the table:" + statement);
			}
			if (what.matches(".*\\badd constraint\\b.*") && !what.contains("not valid")
					&& !what.contains("using index")) {
				problems.add("a constraint that reads the table under a lock; add it not valid first:" + statement);
			}
		}
	}

	private static List<Path> migrations() {
		try (Stream<Path> files = Files.list(MIGRATIONS)) {
			return files
				.filter((file) -> Pattern.compile("V(\\d+)__\\w+\\.sql")
					.matcher(file.getFileName().toString())
					.results()
					.anyMatch((name) -> Integer.parseInt(name.group(1)) > LANDED))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
