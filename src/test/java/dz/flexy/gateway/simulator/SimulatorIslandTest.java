package dz.flexy.gateway.simulator;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dz.flexy.gateway.SettableClock;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

class SimulatorIslandTest {

	@Test
	void nothingOfTheGatewayIsKnownHere() {
		DescribedPredicate<JavaClass> gateway = resideInAPackage("dz.flexy.gateway..")
			.and(resideOutsideOfPackage(UpstreamSimulator.class.getPackageName()))
			.and(DescribedPredicate.not(type(SettableClock.class)));

		noClasses().should()
			.dependOnClassesThat(gateway)
			.check(new ClassFileImporter().importPackagesOf(UpstreamSimulator.class));
	}

}
