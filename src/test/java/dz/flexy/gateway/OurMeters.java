package dz.flexy.gateway;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * The meters that the modules declare, each module in one enum of its own. They share no
 * type but Micrometer's, so what else they tell is read by name.
 */
final class OurMeters {

	private static final PrometheusNamingConvention NAMES = new PrometheusNamingConvention();

	private OurMeters() {
	}

	/** By module, in the order of their names. */
	static Map<String, List<Declared>> byModule() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
		scanner.addIncludeFilter(new AssignableTypeFilter(MeterDocumentation.class));
		Map<String, List<Declared>> modules = new TreeMap<>();
		scanner.findCandidateComponents(FlexyGateway.class.getPackageName())
			.stream()
			.map(BeanDefinition::getBeanClassName)
			.filter(Objects::nonNull)
			.sorted(Comparator.naturalOrder())
			.map((name) -> ClassUtils.resolveClassName(name, null))
			.forEach((type) -> modules.put(module(type), declared(type)));
		return modules;
	}

	static Stream<Declared> all() {
		return byModule().values().stream().flatMap(List::stream);
	}

	private static String module(Class<?> type) {
		return type.getPackageName().substring(FlexyGateway.class.getPackageName().length() + 1);
	}

	private static List<Declared> declared(Class<?> type) {
		return Arrays.stream(type.getEnumConstants()).map(MeterDocumentation.class::cast).map(Declared::of).toList();
	}

	/**
	 * One meter.
	 *
	 * @param meter as Micrometer knows it
	 * @param meaning half a sentence
	 * @param tags the values that each takes; one in angle brackets stands for many
	 */
	record Declared(MeterDocumentation meter, String meaning, Map<String, Set<String>> tags) {

		private static Declared of(MeterDocumentation meter) {
			Map<String, Set<String>> tags = new LinkedHashMap<>();
			if (meter.getKeyNames().length > 0) {
				for (Object tag : (List<?>) ask(meter, "tags")) {
					String[] parts = tag.toString().split(": ");
					tags.put(parts[0], Set.of(parts[1].split(" \\| ")));
				}
			}
			return new Declared(meter, ask(meter, "meaning").toString(), tags);
		}

		private static Object ask(MeterDocumentation meter, String what) {
			try {
				Method method = ((Enum<?>) meter).getDeclaringClass().getDeclaredMethod(what);
				method.setAccessible(true);
				return Objects.requireNonNull(method.invoke(meter));
			}
			catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException broken) {
				throw new IllegalStateException(meter + " has no " + what + "()", broken);
			}
		}

		/** Of the scrape: a timer's is the one that its count and sum begin with. */
		String prometheus() {
			String unit = (this.meter.getType() == Meter.Type.TIMER) ? null : this.meter.getBaseUnit();
			String name = NAMES.name(this.meter.getName(), this.meter.getType(), unit);
			return (this.meter.getType() == Meter.Type.COUNTER) ? name + "_total" : name;
		}

		/** In the order in which they are declared. */
		String values(String tag) {
			return String.join(", ",
					((List<?>) ask(this.meter, "tags")).stream()
						.map(Object::toString)
						.filter((text) -> text.startsWith(tag + ": "))
						.map((text) -> text.substring(tag.length() + 2).split(" \\| "))
						.flatMap(Arrays::stream)
						.toList());
		}

	}

}
