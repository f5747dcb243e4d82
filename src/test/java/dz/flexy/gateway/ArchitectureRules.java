package dz.flexy.gateway;

import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.lang.ArchRule;
import dz.flexy.gateway.simulator.UpstreamSimulator;
import dz.flexy.gateway.upstream.PayingRelay;
import dz.flexy.gateway.upstream.Purchases;
import dz.flexy.gateway.upstream.Upstream;
import org.reactivestreams.Publisher;
import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.reactive.function.client.WebClient;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

/**
 * What the build refuses. Rules name classes by literal, never by text: a rule with a
 * misspelt target passes for ever.
 */
final class ArchitectureRules {

	static final ArchRule ONLY_UPSTREAM_TALKS_HTTP = noClasses().that()
		.resideOutsideOfPackage(Upstream.class.getPackageName())
		.should()
		.dependOnClassesThat(belongToAnyOf(WebClient.class, HttpClient.class))
		.because("budget, breaker and classification stand before each upstream call");

	static final ArchRule ONLY_STORES_SPEAK_SQL = noClasses().that(not(areNamed("Store")))
		.should()
		.dependOnClassesThat(belongToAnyOf(DatabaseClient.class))
		.because("a statement is found by opening the module's stores");

	static final ArchRule ONLY_DISPATCH_PAYS = noClasses()
		.that(resideOutsideOfPackage("dz.flexy.gateway.dispatch")
			.and(resideOutsideOfPackage("dz.flexy.gateway.passthrough"))
			.and(resideOutsideOfPackage(Purchases.class.getPackageName())))
		.should()
		.dependOnClassesThat(belongToAnyOf(Purchases.class, PayingRelay.class))
		.because("money moves in one place");

	static final ArchRule NOBODY_BLOCKS = noClasses().should()
		.accessTargetWhere(callOf("block", ArchitectureRules::blocks))
		.because("a blocked event loop stops thousands of callers");

	static final ArchRule ONLY_LOOPS_SUBSCRIBE = noClasses().that(not(areNamed("Loop")))
		.should()
		.accessTargetWhere(callOf("subscribe",
				(access) -> access.getName().equals("subscribe")
						&& access.getTargetOwner().isAssignableTo(Publisher.class)))
		.because("what is subscribed by hand is stopped by hand, in a lifecycle");

	static final ArchRule NOBODY_SLEEPS = noClasses().should()
		.accessTargetWhere(callOf("sleep",
				(access) -> access.getName().equals("sleep") && (access.getTargetOwner().isEquivalentTo(Thread.class)
						|| access.getTargetOwner().isEquivalentTo(TimeUnit.class))))
		.because("a delay is a timer's");

	static final ArchRule NOBODY_TRANSACTS_BY_SPRING = noClasses().should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.transaction..")
		.orShould()
		.dependOnClassesThat()
		.belongToAnyOf(R2dbcTransactionManager.class)
		.because("cancelled at its begin, it leaves the pool a connection in the middle of a transaction");

	static final ArchRule TIME_IS_INJECTED = noClasses().that()
		.doNotBelongToAnyOf(FlexyGateway.class)
		.should()
		.accessTargetWhere(callOf("an ambient clock", ArchitectureRules::readsAmbientTime))
		.because("a test must be able to set the time");

	static final ArchRule NOBODY_PRINTS = noClasses().should()
		.accessTargetWhere(callOf("a standard stream",
				(access) -> access.getTargetOwner().isEquivalentTo(System.class)
						&& Set.of("out", "err").contains(access.getName())))
		.because("what is worth saying goes to the log");

	static final ArchRule NO_FIELD_IS_INJECTED = noFields().should()
		.beAnnotatedWith(Autowired.class)
		.orShould()
		.beAnnotatedWith(Value.class)
		.because("what a class needs stands in its constructor");

	static final ArchRule NOBODY_KNOWS_THE_SIMULATOR = noClasses().that()
		.resideOutsideOfPackage(UpstreamSimulator.class.getPackageName())
		.should()
		.dependOnClassesThat()
		.resideInAPackage(UpstreamSimulator.class.getPackageName());

	private ArchitectureRules() {
	}

	/**
	 * A stand-in that shared a type with the gateway would share its misreadings.
	 * @param island the package that stands alone
	 * @return the rule
	 */
	static ArchRule knowsNothingOfTheGateway(Class<?> island) {
		return noClasses().that()
			.resideInAPackage(island.getPackageName())
			.should()
			.dependOnClassesThat(resideInAPackage(FlexyGateway.class.getPackageName() + "..")
				.and(resideOutsideOfPackage(island.getPackageName()))
				.and(not(belongToAnyOf(SettableClock.class))));
	}

	/** By the outermost class, so that its lambdas and nested classes count as it. */
	private static DescribedPredicate<JavaClass> areNamed(String suffix) {
		return describe("are named ..." + suffix,
				(type) -> type.getFullName().replaceAll("\\$.*", "").endsWith(suffix));
	}

	private static DescribedPredicate<JavaAccess<?>> callOf(String description,
			java.util.function.Predicate<JavaAccess<?>> test) {
		return describe(description, test);
	}

	private static boolean blocks(JavaAccess<?> access) {
		return (access.getName().startsWith("block") || Set.of("toIterable", "toStream").contains(access.getName()))
				&& access.getTargetOwner().isAssignableTo(Publisher.class);
	}

	private static boolean readsAmbientTime(JavaAccess<?> access) {
		JavaClass owner = access.getTargetOwner();
		return owner.isEquivalentTo(System.class) && access.getName().equals("currentTimeMillis")
				|| owner.isEquivalentTo(Clock.class) && access.getName().startsWith("system")
				|| owner.getPackageName().equals(Clock.class.getPackageName()) && access.getName().equals("now")
						&& takesNoClock(access);
	}

	private static boolean takesNoClock(JavaAccess<?> access) {
		return access.getTarget()
			.resolveMember()
			.filter(JavaCodeUnit.class::isInstance)
			.map(JavaCodeUnit.class::cast)
			.filter((now) -> now.getRawParameterTypes().stream().anyMatch((type) -> type.isEquivalentTo(Clock.class)))
			.isEmpty();
	}

}
