package dz.flexy.gateway.deployment;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.ObjectMapper;
import dz.flexy.gateway.Tool;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import org.junit.jupiter.api.Assumptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One overlay as {@code kubectl kustomize} renders it, read strictly: a kind or a field
 * that Kubernetes doesn't know fails.
 *
 * @param name of the overlay
 * @param resources in the order in which they were rendered
 */
record Overlay(String name, List<HasMetadata> resources) {

	private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.ofEntries(
			Map.entry("v1/ServiceAccount", ServiceAccount.class), Map.entry("v1/ConfigMap", ConfigMap.class),
			Map.entry("v1/Service", Service.class), Map.entry("apps/v1/Deployment", Deployment.class),
			Map.entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
			Map.entry("networking.k8s.io/v1/Ingress", Ingress.class),
			Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
			Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
			Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
			Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class));

	private static final ObjectMapper JSON = new ObjectMapper();

	/**
	 * Renders it, or skips the test where there is no {@code kubectl}.
	 * @param directory takes what the program prints
	 */
	static Overlay render(String name, Path directory) {
		Assumptions.assumeTrue(Tool.run(directory, Map.of(), "kubectl", "version", "--client").succeeded(),
				"kubectl is not installed, so nobody has rendered the overlays");
		Tool.Result rendered = Tool.run(directory, Map.of(), "kubectl", "kustomize", "k8s/overlays/" + name);
		if (!rendered.succeeded() || !rendered.errors().isBlank()) {
			throw new AssertionError(name + ": " + rendered.errors());
		}
		return new Overlay(name, parse(rendered.output()));
	}

	static List<HasMetadata> parse(String yaml) {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		List<HasMetadata> resources = new ArrayList<>();
		for (Object document : new Yaml(new SafeConstructor(options)).loadAll(yaml)) {
			Map<?, ?> fields = (Map<?, ?>) document;
			String kind = fields.get("apiVersion") + "/" + fields.get("kind");
			Class<? extends HasMetadata> type = KINDS.get(kind);
			if (type == null) {
				throw new AssertionError("unknown kind: " + kind);
			}
			HasMetadata resource = JSON.convertValue(fields, type);
			refuseUnknown(resource, kind);
			resources.add(resource);
		}
		return resources;
	}

	/** The one resource of that type. */
	<T extends HasMetadata> T the(Class<T> type) {
		List<T> found = all(type);
		if (found.size() != 1) {
			throw new AssertionError(found.size() + " of " + type);
		}
		return found.getFirst();
	}

	<T extends HasMetadata> List<T> all(Class<T> type) {
		return this.resources.stream().filter(type::isInstance).map(type::cast).toList();
	}

	/** The settings that replicas get, by the environment's names. */
	Map<String, String> settings() {
		return all(ConfigMap.class).stream()
			.filter((map) -> map.getMetadata().getName().matches("flexy-gateway-[a-z0-9]+")
					&& !map.getMetadata().getName().endsWith("dashboard"))
			.findFirst()
			.orElseThrow()
			.getData();
	}

	/** The models keep what they don't know; there shall be none of it at any depth. */
	private static void refuseUnknown(Object node, String path) {
		if (node instanceof Collection<?> elements) {
			elements.forEach((element) -> refuseUnknown(element, path + "[]"));
		}
		else if (node instanceof Map<?, ?> entries) {
			entries.forEach((key, value) -> refuseUnknown(value, path + "." + key));
		}
		else if (node.getClass().getName().startsWith("io.fabric8.")) {
			refuseUnknownFields(node, path);
		}
	}

	private static void refuseUnknownFields(Object node, String path) {
		try {
			Map<?, ?> unknown = (Map<?, ?>) node.getClass().getMethod("getAdditionalProperties").invoke(node);
			if (!unknown.isEmpty()) {
				throw new AssertionError("unknown below " + path + ": " + unknown.keySet());
			}
			for (Field field : node.getClass().getDeclaredFields()) {
				if (!Modifier.isStatic(field.getModifiers())) {
					field.setAccessible(true);
					Object value = field.get(node);
					if (value != null) {
						refuseUnknown(value, path + "." + field.getName());
					}
				}
			}
		}
		catch (NoSuchMethodException noRoomForUnknown) {
			Objects.requireNonNull(node);
		}
		catch (IllegalAccessException | InvocationTargetException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
