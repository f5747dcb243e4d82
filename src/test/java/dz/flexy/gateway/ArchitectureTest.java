package dz.flexy.gateway;

import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static dz.flexy.gateway.ArchitectureRules.NOBODY_BLOCKS;
import static dz.flexy.gateway.ArchitectureRules.NOBODY_KNOWS_THE_SIMULATOR;
import static dz.flexy.gateway.ArchitectureRules.NOBODY_PRINTS;
import static dz.flexy.gateway.ArchitectureRules.NOBODY_SLEEPS;
import static dz.flexy.gateway.ArchitectureRules.NOBODY_TRANSACTS_BY_SPRING;
import static dz.flexy.gateway.ArchitectureRules.NO_FIELD_IS_INJECTED;
import static dz.flexy.gateway.ArchitectureRules.ONLY_DISPATCH_PAYS;
import static dz.flexy.gateway.ArchitectureRules.ONLY_LOOPS_SUBSCRIBE;
import static dz.flexy.gateway.ArchitectureRules.ONLY_STORES_SPEAK_SQL;
import static dz.flexy.gateway.ArchitectureRules.ONLY_UPSTREAM_TALKS_HTTP;
import static dz.flexy.gateway.ArchitectureRules.TIME_IS_INJECTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class ArchitectureTest {

	private static final List<ArchRule> RULES = List.of(ONLY_UPSTREAM_TALKS_HTTP, ONLY_STORES_SPEAK_SQL,
			ONLY_DISPATCH_PAYS, NOBODY_BLOCKS, ONLY_LOOPS_SUBSCRIBE, NOBODY_SLEEPS, NOBODY_TRANSACTS_BY_SPRING,
			TIME_IS_INJECTED, NOBODY_PRINTS, NO_FIELD_IS_INJECTED, NOBODY_KNOWS_THE_SIMULATOR);

	@TestFactory
	Stream<DynamicTest> productionKeepsTheRules() {
		JavaClasses production = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
			.importPackagesOf(FlexyGateway.class);
		return RULES.stream()
			.map((rule) -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(production)));
	}

	@ParameterizedTest
	@MethodSource("violations")
	void eachRuleSeesItsViolation(ArchRule rule, Class<?> violation) {
		JavaClasses fixture = new ClassFileImporter().importClasses(violation);

		assertThat(rule.evaluate(fixture).hasViolation()).isTrue();
	}

	@Test
	void everyRuleHasAViolation() {
		assertThat(violations().map((row) -> row.get()[0]).distinct()).hasSameElementsAs(RULES);
	}

	@Test
	void aGivenClockMayBeAsked() {
		JavaClasses fixture = new ClassFileImporter().importClasses(ArchitectureFixtures.AsksAGivenClock.class);

		assertThat(TIME_IS_INJECTED.evaluate(fixture).hasViolation()).isFalse();
	}

	@Test
	void theSimulatorIsAnIsland() {
		ArchitectureRules.knowsNothingOfTheGateway(UpstreamSimulator.class)
			.check(new ClassFileImporter().importPackagesOf(UpstreamSimulator.class));
	}

	@Test
	void anIslandWithABridgeIsSeen() {
		JavaClasses fixture = new ClassFileImporter().importClasses(ArchitectureFixtures.KnowsTheSimulator.class);

		assertThat(
				ArchitectureRules.knowsNothingOfTheGateway(ArchitectureFixtures.class).evaluate(fixture).hasViolation())
			.isTrue();
	}

	static Stream<Arguments> violations() {
		return Stream.of(arguments(ONLY_UPSTREAM_TALKS_HTTP, ArchitectureFixtures.TalksByWebClient.class),
				arguments(ONLY_UPSTREAM_TALKS_HTTP, ArchitectureFixtures.TalksByNetty.class),
				arguments(ONLY_STORES_SPEAK_SQL, ArchitectureFixtures.SpeaksSql.class),
				arguments(ONLY_DISPATCH_PAYS, ArchitectureFixtures.Pays.class),
				arguments(NOBODY_BLOCKS, ArchitectureFixtures.BlocksWithLimit.class),
				arguments(NOBODY_BLOCKS, ArchitectureFixtures.BlocksByReference.class),
				arguments(NOBODY_BLOCKS, ArchitectureFixtures.BlocksByIterating.class),
				arguments(ONLY_LOOPS_SUBSCRIBE, ArchitectureFixtures.Subscribes.class),
				arguments(ONLY_LOOPS_SUBSCRIBE, ArchitectureFixtures.SubscribesInALambda.class),
				arguments(NOBODY_SLEEPS, ArchitectureFixtures.Sleeps.class),
				arguments(NOBODY_SLEEPS, ArchitectureFixtures.SleepsByUnit.class),
				arguments(NOBODY_TRANSACTS_BY_SPRING, ArchitectureFixtures.TransactsBySpring.class),
				arguments(TIME_IS_INJECTED, ArchitectureFixtures.AsksTheInstant.class),
				arguments(TIME_IS_INJECTED, ArchitectureFixtures.AsksTheDateByReference.class),
				arguments(TIME_IS_INJECTED, ArchitectureFixtures.AsksTheSystem.class),
				arguments(TIME_IS_INJECTED, ArchitectureFixtures.MakesItsOwnClock.class),
				arguments(NOBODY_PRINTS, ArchitectureFixtures.Prints.class),
				arguments(NOBODY_PRINTS, ArchitectureFixtures.PrintsErrors.class),
				arguments(NO_FIELD_IS_INJECTED, ArchitectureFixtures.HasAFieldInjected.class),
				arguments(NO_FIELD_IS_INJECTED, ArchitectureFixtures.HasAValueInjected.class),
				arguments(NOBODY_KNOWS_THE_SIMULATOR, ArchitectureFixtures.KnowsTheSimulator.class));
	}

}
