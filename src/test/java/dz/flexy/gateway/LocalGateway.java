package dz.flexy.gateway;

import java.io.IOException;
import java.util.List;

import dz.flexy.gateway.simulator.UpstreamSimulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/**
 * The whole thing with nothing installed: an embedded PostgreSQL, the simulator as the
 * upstream, and a demo caller. Started by {@code mvn spring-boot:test-run}.
 */
public final class LocalGateway {

	private static final String DEMO_KEY = "demo-key";

	/** So that each path can be tried. */
	private static final List<String> SCOPES = List.of("orders:write", "orders:read", "catalog:read", "balance:read",
			"cards:reveal", "account:read", "bills", "ocpay");

	private LocalGateway() {
	}

	/**
	 * Runs until interrupted.
	 * @param args Spring Boot's command line arguments; they win over the demo's settings
	 */
	public static void main(String[] args) throws IOException {
		EmbeddedPostgres postgres = EmbeddedPostgres.start();
		UpstreamSimulator upstream = UpstreamSimulator.start();
		SpringApplication gateway = new SpringApplication(FlexyGateway.class, DemoRoutes.class);
		gateway.setDefaultProperties(new GatewaySettings().database(postgres)
			.upstream(upstream.baseUrl(), "sim-key-1")
			.caller("demo", DEMO_KEY)
			.set("gateway.callers.demo.scopes", String.join(",", SCOPES))
			.set(DemoRoutes.KEY, DEMO_KEY)
			.asMap());
		gateway.addListeners((ApplicationListener<ApplicationReadyEvent>) (ready) -> print(upstream,
				ready.getApplicationContext().getEnvironment()));
		gateway.run(args);
	}

	@SuppressWarnings("PMD.SystemPrintln")
	private static void print(UpstreamSimulator upstream, Environment environment) {
		String base = "http://localhost:" + environment.getProperty("local.server.port");
		System.out.println(upstream.describe());
		System.out.println("""

				The board, with a form to order by: %1$s/

				Flexy Gateway runs at %1$s, the simulator at %2$s. Demo key: %3$s
				Three commands to paste into another terminal:

				curl -s %1$s/v3/internet/send -H 'X-Access-Token: %3$s' -H 'Content-Type: application/json' \\
				  -d '{"type":"ADSL","number":"036362608","value":1000,"ref":"first-order"}'

				curl -sN %1$s/orders/events -H 'X-Access-Token: %3$s'

				curl -s %1$s/v3/internet/check-ref/first-order -H 'X-Access-Token: %3$s'
				""".formatted(base, upstream.baseUrl(), DEMO_KEY));
	}

}
