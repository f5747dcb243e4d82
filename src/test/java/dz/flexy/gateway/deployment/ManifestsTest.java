package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Both overlays as they are rendered, held against each other and the application. */
@TestInstance(Lifecycle.PER_CLASS)
class ManifestsTest {

	private static final String NAME = "flexy-gateway";

	private static final Path OPERATIONS = Path.of("docs", "operations.md");

	private final Application application = new Application();

	private Map<String, Overlay> overlays = Map.of();

	@BeforeAll
	void render(@TempDir Path directory) {
		this.overlays = Map.of("staging", Overlay.render("staging", directory), "production",
				Overlay.render("production", directory));
	}

	@Test
	void refusesWhatKubernetesDoesNotKnow() {
		assertThatThrownBy(() -> Overlay.parse("""
				apiVersion: v1
				kind: Service
				metadata: {name: x}
				spec:
				  ports: [{port: 80, targetport: http}]
				""")).hasMessageContaining("targetport");
		assertThatThrownBy(() -> Overlay.parse("{apiVersion: v1, kind: Pot}")).hasMessageContaining("v1/Pot");
	}

	@ParameterizedTest
	@ValueSource(strings = { "staging", "production" })
	void hasEachPartOnceInOneNamespace(String name) {
		Overlay overlay = overlay(name);

		assertThat(overlay.resources()).extracting(HasMetadata::getKind)
			.containsExactlyInAnyOrder("ServiceAccount", "ConfigMap", "ConfigMap", "Service", "Service", "Deployment",
					"HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy", "Ingress", "ServiceMonitor",
					"PrometheusRule");
		assertThat(overlay.resources()).allSatisfy((resource) -> {
			assertThat(resource.getMetadata().getNamespace())
				.isEqualTo(name.equals("production") ? "flexy" : "flexy-staging");
			assertThat(resource.getMetadata().getName()).startsWith(NAME);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "staging", "production" })
	void givesOnlySettingsThatExistAndNoSecret(String name) {
		Set<String> settings = overlay(name).settings().keySet();

		assertThat(settings).isNotEmpty()
			.allSatisfy((setting) -> assertThat(this.application.knows(setting)).as(setting).isTrue())
			.noneMatch((setting) -> setting.matches(".*(APIKEY|CARDKEYS?(_\\d+)?|PASSWORD|KEYS_\\d+)"));
		assertThat(overlay(name).all(ConfigMap.class)).hasSize(2);
	}

	/** The names that the Secret must have, as the operator reads them. */
	@Test
	void tellsNamesOfSecretsThatExist() throws IOException {
		String page = Files.readString(OPERATIONS);
		List<String> secrets = Pattern.compile("--from-literal=([A-Z0-9_]+)=")
			.matcher(page)
			.results()
			.map((match) -> match.group(1))
			.toList();

		assertThat(secrets)
			.contains("GATEWAY_UPSTREAM_ACCOUNTS_MAIN_APIKEY", "GATEWAY_ORDERS_CARDKEY", "SPRING_R2DBC_URL",
					"SPRING_R2DBC_USERNAME", "SPRING_R2DBC_PASSWORD")
			.allSatisfy((setting) -> assertThat(this.application.knows(setting)).as(setting).isTrue());
		overlays().forEach((overlay) -> {
			Set<String> callers = names(overlay.settings().keySet(), "GATEWAY_CALLERS_([A-Z]+)_.*");
			assertThat(names(secrets, "GATEWAY_CALLERS_([A-Z]+)_KEYS_0")).isEqualTo(callers);
			assertThat(container(overlay).getEnvFrom()).filteredOn((source) -> source.getSecretRef() != null)
				.singleElement()
				.satisfies((source) -> assertThat(source.getSecretRef().getName()).isEqualTo(NAME));
		});
	}

	@Test
	void buysOnASandboxKeyInStagingOnly() {
		assertThat(overlay("staging").settings()).containsEntry("GATEWAY_UPSTREAM_ACCOUNTS_MAIN_TYPE", "SANDBOX");
		assertThat(overlay("production").settings()).containsEntry("GATEWAY_UPSTREAM_ACCOUNTS_MAIN_TYPE", "PRODUCTION");
	}

	@Test
	void leadsToThePortsOfTheApplication() {
		overlays().forEach((overlay) -> {
			Map<String, Integer> ports = Map.of("http", this.application.number("server.port"), "management",
					this.application.number("management.server.port"));
			assertThat(container(overlay).getPorts()).extracting(ContainerPort::getName)
				.containsExactlyInAnyOrderElementsOf(ports.keySet());
			assertThat(container(overlay).getPorts())
				.allSatisfy((port) -> assertThat(port.getContainerPort()).isEqualTo(ports.get(port.getName())));
			Map<String, String> labels = deployment(overlay).getSpec().getTemplate().getMetadata().getLabels();
			assertThat(overlay.all(Service.class)).allSatisfy((service) -> {
				assertThat(labels).containsAllEntriesOf(service.getSpec().getSelector());
				assertThat(service.getSpec().getPorts()).extracting(ServicePort::getTargetPort)
					.extracting(IntOrString::getStrVal)
					.isSubsetOf(ports.keySet());
			});
			NetworkPolicy policy = overlay.the(NetworkPolicy.class);
			assertThat(labels).containsAllEntriesOf(policy.getSpec().getPodSelector().getMatchLabels());
			assertThat(policy.getSpec().getIngress()).flatExtracting("ports")
				.extracting((port) -> ((NetworkPolicyPort) port).getPort().getStrVal())
				.containsExactly("http", "management");
			assertThat(policy.getSpec().getEgress()).flatExtracting("ports")
				.extracting((port) -> ((NetworkPolicyPort) port).getPort().getIntVal())
				.containsExactly(53, 53, 5432, 4318, 443);
			assertThat(overlay.the(Ingress.class).getSpec().getRules())
				.allSatisfy((rule) -> assertThat(rule.getHttp().getPaths()).allSatisfy(
						(path) -> assertThat(path.getBackend().getService().getPort().getName()).isEqualTo("http")));
		});
	}

	@Test
	void isScrapedWhereTheScrapeIs() {
		overlays().forEach((overlay) -> {
			ServiceMonitor monitor = overlay.the(ServiceMonitor.class);
			List<Service> selected = overlay.all(Service.class)
				.stream()
				.filter((service) -> service.getMetadata()
					.getLabels()
					.entrySet()
					.containsAll(monitor.getSpec().getSelector().getMatchLabels().entrySet()))
				.toList();

			assertThat(selected).singleElement()
				.satisfies((service) -> assertThat(service.getSpec().getPorts()).extracting(ServicePort::getName)
					.containsExactly(monitor.getSpec().getEndpoints().getFirst().getPort()));
			assertThat(this.application.text("management.endpoints.web.exposure.include")).contains("prometheus");
			assertThat(monitor.getSpec().getEndpoints().getFirst().getPath()).isEqualTo("/actuator/prometheus");
		});
	}

	@Test
	void asksForLifeAndReadinessOnTheManagementPort() {
		overlays().forEach((overlay) -> {
			Container container = container(overlay);
			assertProbe(container.getStartupProbe().getHttpGet(), "liveness");
			assertProbe(container.getLivenessProbe().getHttpGet(), "liveness");
			assertProbe(container.getReadinessProbe().getHttpGet(), "readiness");
			assertThat(this.application.text("management.endpoint.health.probes.enabled")).isEqualTo("true");
			int longestStart = container.getStartupProbe().getPeriodSeconds()
					* container.getStartupProbe().getFailureThreshold();
			assertThat(deployment(overlay).getSpec().getProgressDeadlineSeconds()).isGreaterThan(longestStart);
		});
	}

	private static void assertProbe(HTTPGetAction probe, String group) {
		assertThat(probe.getPath()).isEqualTo("/actuator/health/" + group);
		assertThat(probe.getPort().getStrVal()).isEqualTo("management");
	}

	/** Grace period > the longest stop > the longest send. */
	@Test
	void grantsAStopTheTimeThatItTakes() throws IOException {
		String shutdown = Files.readString(Path.of("src/main/java/dz/flexy/gateway/Shutdown.java"));
		Duration requests = Duration.ofMillis(number(shutdown, "REQUESTS = Duration.ofMillis\\((\\d+)\\)"));
		Duration giftCards = Duration.ofMinutes(number(shutdown, "GIFT_CARDS = Duration.ofMinutes\\((\\d+)\\)"));
		Duration longestSend = this.application.duration("gateway.upstream.response-timeout")
			.plus(this.application.duration("gateway.dispatch.send-within"));

		assertThat(giftCards).isGreaterThan(longestSend);
		overlays().forEach((overlay) -> {
			PodSpec pod = pod(overlay);
			Duration away = Duration.ofSeconds(container(overlay).getLifecycle().getPreStop().getSleep().getSeconds());
			assertThat(Duration.ofSeconds(pod.getTerminationGracePeriodSeconds()))
				.isGreaterThan(away.plus(requests).plus(giftCards));
		});
	}

	@Test
	void updatesOneReplicaAtATimeWithoutLosingOne() {
		overlays().forEach((overlay) -> {
			Deployment deployment = deployment(overlay);
			assertThat(deployment.getSpec().getReplicas()).as("the autoscaler's").isNull();
			assertThat(deployment.getSpec().getStrategy().getRollingUpdate())
				.extracting("maxUnavailable.intVal", "maxSurge.intVal")
				.containsExactly(0, 1);
			HorizontalPodAutoscaler scaler = overlay.the(HorizontalPodAutoscaler.class);
			assertThat(scaler.getSpec().getScaleTargetRef()).extracting("kind", "name")
				.containsExactly("Deployment", deployment.getMetadata().getName());
			assertThat(scaler.getSpec().getMinReplicas()).isGreaterThan(1);
			PodDisruptionBudget budget = overlay.the(PodDisruptionBudget.class);
			assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
			assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
				.containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels())
				.containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
		});
	}

	@Test
	void mayDoNothingThatItNeedNot() {
		overlays().forEach((overlay) -> {
			PodSpec pod = pod(overlay);
			assertThat(pod.getAutomountServiceAccountToken()).isFalse();
			assertThat(overlay.the(ServiceAccount.class).getAutomountServiceAccountToken()).isFalse();
			assertThat(pod.getServiceAccountName()).isEqualTo(NAME);
			assertThat(pod.getEnableServiceLinks()).isFalse();
			assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
			assertThat(pod.getSecurityContext().getRunAsUser() + ":" + pod.getSecurityContext().getRunAsGroup())
				.isEqualTo(Dockerfile.read().only("USER"));
			assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
			assertThat(container(overlay).getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
			assertThat(container(overlay).getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
			assertThat(container(overlay).getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
			assertThat(container(overlay).getVolumeMounts()).singleElement().extracting("mountPath").isEqualTo("/tmp");
		});
	}

	/** Heap, direct buffers and 250 MB for all else fit into the limit. */
	@Test
	void fitsIntoItsMemory() {
		JvmOptions options = JvmOptions.read();
		overlays().forEach((overlay) -> {
			long limit = Quantity.getAmountInBytes(container(overlay).getResources().getLimits().get("memory"))
				.longValueExact();

			assertThat(limit * options.percent("MaxRAMPercentage") / 100 + options.bytes("MaxDirectMemorySize")
					+ 250L * 1024 * 1024)
				.isLessThanOrEqualTo(limit);
			assertThat(container(overlay).getResources().getRequests().get("memory"))
				.isEqualTo(container(overlay).getResources().getLimits().get("memory"));
			assertThat(container(overlay).getResources().getLimits()).doesNotContainKey("cpu");
		});
	}

	@Test
	void letsStreamsThrough() {
		Duration heartbeat = this.application.duration("gateway.stream.heartbeat");
		Duration longestAnswer = this.application.duration("gateway.catalog.lookup-wait")
			.plus(this.application.duration("gateway.upstream.response-timeout"));
		overlays().forEach((overlay) -> {
			Map<String, String> annotations = overlay.the(Ingress.class).getMetadata().getAnnotations();
			assertThat(annotations).containsEntry("nginx.ingress.kubernetes.io/proxy-buffering", "off");
			assertThat(Duration
				.ofSeconds(Long.parseLong(annotations.get("nginx.ingress.kubernetes.io/proxy-read-timeout"))))
				.isGreaterThan(heartbeat.multipliedBy(3))
				.isGreaterThan(longestAnswer);
		});
	}

	@Test
	void shipsOneImageByNameAndVersion() {
		assertThat(overlays()).extracting((overlay) -> container(overlay).getImage())
			.allMatch((image) -> image.matches("registry\\.example/flexy-gateway:\\d+\\.\\d+\\.\\d+"));
	}

	private static long number(String text, String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		assertThat(matcher.find()).as(pattern).isTrue();
		return Long.parseLong(matcher.group(1));
	}

	private static Set<String> names(Iterable<String> settings, String pattern) {
		Set<String> names = new HashSet<>();
		for (String setting : settings) {
			Matcher matcher = Pattern.compile(pattern).matcher(setting);
			if (matcher.matches()) {
				names.add(matcher.group(1));
			}
		}
		return names;
	}

	private Iterable<Overlay> overlays() {
		return this.overlays.values();
	}

	private Overlay overlay(String name) {
		return this.overlays.get(name);
	}

	private static Deployment deployment(Overlay overlay) {
		return overlay.the(Deployment.class);
	}

	private static PodSpec pod(Overlay overlay) {
		return deployment(overlay).getSpec().getTemplate().getSpec();
	}

	private static Container container(Overlay overlay) {
		return pod(overlay).getContainers().getFirst();
	}

}
