package dz.flexy.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import dz.flexy.gateway.OurMeters.Declared;
import io.micrometer.core.instrument.Meter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code docs/metrics.md} is what the modules' enums say. */
class MetricsPageTest {

	private static final String HEAD = """
			# Metrics

			Made from the code by `MetricsPageTest`; change the enums of the modules instead.

			`GET :8081/actuator/prometheus` shows them, each by the name below. A timer has three: the name with `_count` and `_sum`,
			and with `_max` for the longest of the last minutes. Counters begin at 0 with the process and count what this replica did:
			add them up over all replicas. Gauges that say "over all replicas" are the same on each: take the greatest, not the sum.
			What the database has to be asked for is read by a loop at its own pace; a scrape reads memory only.

			`<account>` and `<caller>` are names from the settings. `<endpoint>` is one of the upstream's, such as `internet.send`,
			`mobile.check-ref`, `gift-cards.list`, `account.balance`, `bills.pay`, `ping` or `validate`; `<breaker>` is account, family and side.
			No tag has an id, a number, a reference or a key in it.
			""";

	private static final String TAIL = """

			The JVM's and the process's own (`jvm_*`, `process_*`, `system_*`, `disk_*`) are Micrometer's, and documented there.
			""";

	@Test
	void isWhatTheModulesDeclare() {
		StringBuilder page = new StringBuilder(HEAD);
		OurMeters.byModule().forEach((module, meters) -> page.append(section(module, meters)));
		Generated.assertIs(Path.of("docs/metrics.md"), page.append(TAIL).toString());
	}

	@Test
	void eachMeterSaysWhatItMeans() {
		Map<String, List<Declared>> modules = OurMeters.byModule();

		assertThat(modules).hasSizeGreaterThan(10);
		assertThat(OurMeters.all()).allSatisfy((meter) -> {
			assertThat(meter.meaning()).hasSizeGreaterThan(10).doesNotEndWith(".").doesNotContain("|");
			assertThat(meter.prometheus()).matches("[a-z0-9_]+");
			assertThat(meter.tags().values()).noneMatch((values) -> values.contains(""));
		});
	}

	private static String section(String module, List<Declared> meters) {
		return meters.stream()
			.map(MetricsPageTest::row)
			.collect(Collectors.joining("\n",
					"\n## " + module + "\n\n| Name | Type | Unit | Tags | Meaning |\n|---|---|---|---|---|\n", "\n"));
	}

	private static String row(Declared meter) {
		String tags = meter.tags()
			.keySet()
			.stream()
			.map((tag) -> "`" + tag + "`: " + meter.values(tag).replace("<", "\\<"))
			.collect(Collectors.joining("; "));
		return "| `" + meter.prometheus() + "` | " + meter.meter().getType().name().toLowerCase(Locale.ROOT) + " | "
				+ unit(meter) + " | " + tags + " | " + meter.meaning() + " |";
	}

	private static String unit(Declared meter) {
		String unit = meter.meter().getBaseUnit();
		return (unit != null) ? unit : (meter.meter().getType() == Meter.Type.COUNTER) ? "events" : "1";
	}

}
