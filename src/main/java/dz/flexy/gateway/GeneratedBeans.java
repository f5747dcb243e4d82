package dz.flexy.gateway;

import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Starts the jar from the beans that its build has worked out, where nothing is set that
 * would have made them others: each condition of Spring Boot's was judged then, with its
 * settings as they are shipped. Any other start judges them anew and only takes longer.
 * {@code -Dspring.aot.enabled} decides by itself.
 */
class GeneratedBeans implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private static final List<ConfigurationPropertyName> OF_SPRING_BOOT = names("spring", "server", "management");

	/** What may be set without turning a condition, but for {@code enabled}. */
	private static final List<ConfigurationPropertyName> FREE = names("spring.aot", "spring.application",
			"spring.config.additional-location", "spring.config.import", "spring.r2dbc", "server", "management.server",
			"management.tracing.sampling");

	/** How Spring Boot names what it has read of {@code application.yml} in the jar. */
	private static final String SHIPPED = "Config resource 'class path resource [application.yml]'";

	private final boolean generating;

	GeneratedBeans() {
		this(Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING));
	}

	/** As the build does if it is generating. */
	GeneratedBeans(boolean generating) {
		this.generating = generating;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		if (this.generating) {
			Assert.state(isAsBuilt(environment),
					() -> "would be built into the jar: " + set(environment).filter((name) -> !isFree(name)).toList());
		}
		else if (System.getProperty(AotDetector.AOT_ENABLED) == null && isGenerated(event.getSpringApplication())) {
			SpringProperties.setFlag(AotDetector.AOT_ENABLED, isAsBuilt(environment));
		}
	}

	/** Tests and development run on classes beside which nothing was generated. */
	private static boolean isGenerated(SpringApplication application) {
		Class<?> main = application.getMainApplicationClass();
		return main != null
				&& ClassUtils.isPresent(main.getName() + "__ApplicationContextInitializer", main.getClassLoader());
	}

	static boolean isAsBuilt(ConfigurableEnvironment environment) {
		return ManagementPortType.get(environment) == ManagementPortType.DIFFERENT
				&& !environment.getProperty("spring.r2dbc.url", "").contains(":pool:")
				&& !"framework".equalsIgnoreCase(environment.getProperty("server.forward-headers-strategy"))
				&& set(environment).allMatch(GeneratedBeans::isFree);
	}

	static boolean isFree(ConfigurationPropertyName name) {
		return !isAnyAbove(OF_SPRING_BOOT, name) || (isAnyAbove(FREE, name)
				&& !name.getLastElement(ConfigurationPropertyName.Form.UNIFORM).equals("enabled"));
	}

	private static boolean isAnyAbove(List<ConfigurationPropertyName> above, ConfigurationPropertyName name) {
		return above.stream().anyMatch((one) -> one.equals(name) || one.isAncestorOf(name));
	}

	/** Whatever is set besides what is shipped. */
	private static Stream<ConfigurationPropertyName> set(ConfigurableEnvironment environment) {
		return StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
			.filter((source) -> !isShipped(source.getUnderlyingSource()))
			.filter(IterableConfigurationPropertySource.class::isInstance)
			.flatMap((source) -> ((IterableConfigurationPropertySource) source).stream());
	}

	private static boolean isShipped(@Nullable Object source) {
		return source instanceof PropertySource<?> file && file.getName().startsWith(SHIPPED);
	}

	/** Behind whatever adds settings, such as what OpenTelemetry's variables mean. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	private static List<ConfigurationPropertyName> names(String... names) {
		return Stream.of(names).map(ConfigurationPropertyName::of).toList();
	}

}
