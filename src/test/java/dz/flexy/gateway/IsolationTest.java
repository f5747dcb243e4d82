package dz.flexy.gateway;

import java.util.Set;
import java.util.stream.Stream;

import ch.qos.logback.core.read.ListAppender;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test classes run at the same time in one process, so what replaces the schedulers of
 * all, or reads what all print, needs the process for itself. Properties have it: jqwik
 * runs them before or after the others.
 */
class IsolationTest {

	private static final Set<String> OF_ALL = Set.of(VirtualTimeScheduler.class.getName(), CapturedLog.class.getName(),
			CapturedOutput.class.getName(), ListAppender.class.getName());

	@Test
	void whatChangesTheWholeProcessRunsAlone() {
		Stream<JavaClass> tests = new ClassFileImporter().withImportOption(new ImportOption.OnlyIncludeTests())
			.importPackagesOf(FlexyGateway.class)
			.stream()
			.filter((type) -> type.getSimpleName().endsWith("Test") && !type.getSimpleName().endsWith("UnderTest"))
			.filter((type) -> !type.isEquivalentTo(IsolationTest.class) && changesAll(type))
			.filter((type) -> type.getMethods().stream().noneMatch((method) -> method.isAnnotatedWith(Property.class)));

		assertThat(tests).hasSizeGreaterThan(10).allMatch((type) -> type.isAnnotatedWith(Isolated.class));
	}

	/** Else {@code spring-boot:test-run} does not know which to run. */
	@Test
	void onlyTheDemoIsAProgramAmongTheTests() {
		assertThat(new ClassFileImporter().withImportOption(new ImportOption.OnlyIncludeTests())
			.importPackagesOf(FlexyGateway.class)
			.stream()
			.filter((type) -> type.getMethods()
				.stream()
				.anyMatch((method) -> method.getName().equals("main")
						&& method.getModifiers().contains(JavaModifier.STATIC)))
			.map(JavaClass::getSimpleName)).containsExactly("LocalGateway");
	}

	@Test
	void seesWhoChangesAllAndWhoDoesNot() {
		assertThat(changesAll(imported(Verifies.class))).isTrue();
		assertThat(changesAll(imported(Reads.class))).isTrue();
		assertThat(changesAll(imported(IsHelped.class))).isTrue();
		assertThat(changesAll(imported(Waits.class))).isFalse();
	}

	/** By itself or by a class of the tests that it uses. */
	private static boolean changesAll(JavaClass type) {
		return changes(type) || type.getDirectDependenciesFromSelf()
			.stream()
			.anyMatch((used) -> used.getTargetClass().getPackageName().startsWith("dz.flexy")
					&& changes(used.getTargetClass()));
	}

	private static boolean changes(JavaClass type) {
		return type.getDirectDependenciesFromSelf()
			.stream()
			.anyMatch((used) -> OF_ALL.contains(used.getTargetClass().getName()))
				|| type.getMethodCallsFromSelf()
					.stream()
					.anyMatch((call) -> call.getName().equals("withVirtualTime")
							&& call.getTargetOwner().isEquivalentTo(StepVerifier.class));
	}

	private static JavaClass imported(Class<?> type) {
		return new ClassFileImporter().importClasses(Verifies.class, Reads.class, IsHelped.class, Waits.class)
			.get(type);
	}

	static final class Verifies {

		void virtually() {
			StepVerifier.withVirtualTime(Mono::empty).verifyComplete();
		}

	}

	static final class Reads {

		void read(CapturedOutput output) {
			output.getAll();
		}

	}

	static final class IsHelped {

		void help() {
			new Verifies().virtually();
		}

	}

	static final class Waits {

		void really() {
			StepVerifier.create(Mono.empty()).verifyComplete();
		}

	}

}
