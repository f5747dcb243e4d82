package dz.flexy.gateway;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import dz.flexy.gateway.problem.InvalidSetting;
import dz.flexy.gateway.problem.SettingFaults;
import dz.flexy.gateway.problem.SettingsCheck;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;

/**
 * Reads all settings of the gateway before there is any bean that needs them, so that one
 * start tells of everything that is wrong with them.
 */
@Configuration(proxyBeanMethods = false)
class Settings {

	private static final Map<Class<?>, String> EXPECTED = new LinkedHashMap<>();

	static {
		EXPECTED.put(Duration.class, "a duration such as 500ms, 10s or 2m");
		EXPECTED.put(int.class, "a whole number");
		EXPECTED.put(BigDecimal.class, "a number");
		EXPECTED.put(boolean.class, "true or false");
		EXPECTED.put(URI.class, "an address such as https://host");
	}

	@Bean
	static BeanFactoryPostProcessor settingsChecked(Environment environment) {
		return (beans) -> {
			SettingFaults faults = new SettingFaults();
			faults.demand(!environment.getProperty("spring.r2dbc.url", "").isBlank(), "spring.r2dbc.url",
					"required: r2dbc:postgresql://host[:port]/database");
			Binder binder = Binder.get(environment, new Gathering(faults));
			groups(beans).forEach((type) -> bind(binder, type));
			Binder lenient = Binder.get(environment, new Gathering(new SettingFaults()));
			Arrays.stream(beans.getBeanNamesForType(SettingsCheck.class, true, false))
				.forEach((name) -> beans.getBean(name, SettingsCheck.class).check(lenient, faults));
			faults.raise();
		};
	}

	private static Stream<Class<?>> groups(ConfigurableListableBeanFactory beans) {
		return Arrays.stream(beans.getBeanNamesForAnnotation(ConfigurationProperties.class))
			.<Class<?>>mapMulti((name, types) -> {
				Class<?> type = beans.getType(name, false);
				if (type != null && type.getName().startsWith(Settings.class.getPackageName())) {
					types.accept(type);
				}
			});
	}

	private static void bind(Binder binder, Class<?> type) {
		ConfigurationProperties group = type.getAnnotation(ConfigurationProperties.class);
		if (group != null) {
			binder.bindOrCreate(group.value(), Bindable.of(type));
		}
	}

	/** Notes what cannot be bound and goes on as if it were not set. */
	private record Gathering(SettingFaults faults) implements BindHandler {

		@Override
		public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				Exception error) throws Exception {
			Throwable cause = NestedExceptionUtils.getMostSpecificCause(error);
			if (cause instanceof InvalidSetting invalid) {
				this.faults.collect(() -> {
					throw invalid;
				});
				return null;
			}
			if (isUnreadable(error)) {
				this.faults.demand(false, name.toString(), "must be " + expected(target) + was(target, context));
				return null;
			}
			throw error;
		}

		private static boolean isUnreadable(Throwable error) {
			return Stream.iterate(error, (cause) -> cause != null, Throwable::getCause)
				.anyMatch(ConversionException.class::isInstance);
		}

		/** Where a group belongs somebody may have put a key. */
		private static String was(Bindable<?> target, BindContext context) {
			Class<?> type = target.getType().resolve(Object.class);
			ConfigurationProperty property = context.getConfigurationProperty();
			return (property != null && (type.isEnum() || EXPECTED.containsKey(type))) ? ", was " + property.getValue()
					: "";
		}

		private static String expected(Bindable<?> target) {
			Class<?> type = target.getType().resolve(Object.class);
			return type.isEnum() ? "one of " + Arrays.toString(type.getEnumConstants())
					: EXPECTED.getOrDefault(type, "a group of settings");
		}

	}

}
