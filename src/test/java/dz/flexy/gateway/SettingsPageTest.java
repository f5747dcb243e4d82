package dz.flexy.gateway;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code docs/configuration.md} is what the settings' records say of themselves. */
class SettingsPageTest {

	private static final String HEAD = """
			# Configuration

			Made by `SettingsPageTest` from the comments of the settings' records; change those instead. What most installations set stands
			in the [README](../README.md#settings); the rest is here because somebody may need it once.

			Each is set as a property, in `application.yml` or by `--name=value`, or in the environment: upper case, dots as `_`, dashes
			left out (`gateway.dispatch.send-wait` is `GATEWAY_DISPATCH_SENDWAIT`). Durations are written as `500ms`, `10s`, `2m`, `24h`, `400d`.
			A list may be one value with commas, or `[0]`, `[1]`, ... behind the name (`_0` in the environment).

			What is missing, contradicts something else or cannot be read stops the start; one message names everything that is wrong.
			Secrets are shown nowhere: not in that message, not in the log, not on the management port, which has neither `/env` nor `/configprops`.
			""";

	/** Not ours, so no record of ours describes them. */
	private static final String TAIL = """

			## Of Spring Boot

			| Setting | Default | |
			|---|---|---|
			| `spring.r2dbc.url` | required | the database, `r2dbc:postgresql://host[:port]/database`; several hosts and TLS as the driver has them; migrations use it too |
			| `spring.r2dbc.username`, `spring.r2dbc.password` | none | the password is a secret |
			| `spring.r2dbc.pool.max-size` | 20 | connections to the database, one more is kept for wake-ups |
			| `server.port`, `management.server.port` | 8080, 8081 | callers and browsers; operators, probes and figures |
			| `server.forward-headers-strategy` | none | `native` or `framework` only behind a proxy that overwrites what clients send |
			| `logging.structured.format.console` | none | `ecs` for one JSON document a line, as Elastic names fields; plain text without it |
			| `management.opentelemetry.tracing.export.otlp.endpoint` | none | where [spans](observing.md#traces) are sent, such as `http://collector:4318/v1/traces`; without it nothing traces |
			| `management.tracing.sampling.probability` | 0.1 | share of the traces that begin here and are kept |
			| `logging.level.dz.flexy.gateway` | info | `debug` is safe for secrets too |

			Others of `spring`, `server` and `management` work as Spring Boot describes them. Most of them, tracing and `framework` among
			these, have the jar judge anew what to start, which takes a second longer ([decision](decisions/0038-beans-at-build.md)).
			""";

	@Test
	void isWhatTheRecordsSay() {
		StringBuilder page = new StringBuilder(HEAD);
		groups().forEach((group, settings) -> {
			page.append("\n## ")
				.append(group.replace("<", "\\<"))
				.append("\n\n| Setting | Default | |\n|---|---|---|\n");
			settings.stream()
				.sorted(Comparator.comparing(DocumentedSetting::name))
				.forEach((setting) -> page.append(setting.row()));
		});
		Generated.assertIs(Path.of("docs/configuration.md"), page.append(TAIL).toString());
	}

	@Test
	void eachSettingSaysWhatItIs() {
		assertThat(groups().values()).hasSizeGreaterThan(8)
			.allSatisfy((settings) -> assertThat(settings).allSatisfy((setting) -> {
				assertThat(setting.description()).as(setting.name()).isNotBlank();
			}));
	}

	private static Map<String, List<DocumentedSetting>> groups() {
		Map<String, List<DocumentedSetting>> groups = new TreeMap<>();
		DocumentedSetting.all()
			.forEach((setting) -> groups.computeIfAbsent(setting.group(), (group) -> new ArrayList<>()).add(setting));
		return groups;
	}

}
