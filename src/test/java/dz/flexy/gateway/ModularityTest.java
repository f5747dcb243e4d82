package dz.flexy.gateway;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import org.springframework.modulith.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

class ModularityTest {

	private static final String ROOT = FlexyGateway.class.getPackageName();

	/** The table of arrows: each module with those it may use, lowest level first. */
	private static final Map<String, Set<String>> TABLE = Map.ofEntries(entry("problem", Set.of()),
			entry("cache", Set.of()), entry("signal", Set.of()), entry("lease", Set.of("signal")),
			entry("observability", Set.of("problem")), entry("account", Set.of("lease", "signal", "problem")),
			entry("budget", Set.of("account", "lease", "signal", "problem")),
			entry("breaker", Set.of("account", "problem")),
			entry("callers", Set.of("account", "lease", "signal", "problem")),
			entry("upstream", Set.of("account", "budget", "breaker", "problem")),
			entry("orders", Set.of("account", "callers", "cache", "signal", "problem")),
			entry("catalog", Set.of("upstream", "cache", "callers", "account", "problem")),
			entry("balance", Set.of("upstream", "cache", "callers", "account", "problem")),
			entry("polling", Set.of("orders", "upstream", "lease", "account", "problem")),
			entry("stream", Set.of("orders", "callers", "signal", "problem")),
			entry("passthrough", Set.of("upstream", "orders", "callers", "account", "problem")),
			entry("dispatch",
					Set.of("orders", "polling", "catalog", "balance", "upstream", "callers", "lease", "signal",
							"account", "problem")),
			entry("reconciliation",
					Set.of("orders", "dispatch", "passthrough", "balance", "upstream", "lease", "callers", "account",
							"problem")),
			entry("console",
					Set.of("problem", "cache", "signal", "lease", "observability", "account", "budget", "breaker",
							"callers", "upstream", "orders", "catalog", "balance", "polling", "stream", "passthrough",
							"dispatch", "reconciliation")));

	@Test
	void modulesUseOnlyWhatTheyDeclare() {
		ApplicationModules.of(FlexyGateway.class).verify();
	}

	@Test
	void modulithKnowsTheSameModules() {
		Set<String> found = ApplicationModules.of(FlexyGateway.class)
			.stream()
			.map((module) -> module.getIdentifier().toString())
			.collect(Collectors.toSet());

		assertThat(found).isEqualTo(modules());
	}

	@Test
	void everyModuleStandsInTheTable() {
		assertThat(TABLE.keySet()).containsAll(modules());
	}

	@TestFactory
	Stream<DynamicTest> declaredArrowsStayWithinTheTable() {
		return modules().stream()
			.map((module) -> DynamicTest.dynamicTest(module,
					() -> assertThat(declared(module)).isSubsetOf(TABLE.getOrDefault(module, Set.of()))));
	}

	@Test
	void leavingTheDeclarationOutIsNoticed() {
		assertThat(Undeclared.class.getAnnotation(ApplicationModule.class).allowedDependencies())
			.containsExactly(ApplicationModule.OPEN_TOKEN);
	}

	@Test
	void theTableHasNoCycle() {
		Set<String> settled = new TreeSet<>();

		while (settled.addAll(settling(settled))) {
			assertThat(settled).isNotEmpty();
		}

		assertThat(settled).isEqualTo(new TreeSet<>(TABLE.keySet()));
	}

	private static Set<String> settling(Set<String> settled) {
		return TABLE.entrySet()
			.stream()
			.filter((row) -> settled.containsAll(row.getValue()))
			.map(Map.Entry::getKey)
			.collect(Collectors.toSet());
	}

	/** Each direct sub-package of the production code. */
	private static Set<String> modules() {
		return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackages(ROOT)
			.stream()
			.map(JavaClass::getPackageName)
			.filter((name) -> name.startsWith(ROOT + "."))
			.map((name) -> name.substring(ROOT.length() + 1).split("\\.")[0])
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Set<String> declared(String module) throws ClassNotFoundException {
		ApplicationModule declaration = Class.forName(ROOT + "." + module + ".package-info")
			.getAnnotation(ApplicationModule.class);
		assertThat(declaration).as("declaration of " + module).isNotNull();
		return Arrays.stream(declaration.allowedDependencies()).collect(Collectors.toSet());
	}

	@ApplicationModule
	private static final class Undeclared {

	}

}
