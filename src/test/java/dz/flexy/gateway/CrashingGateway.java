package dz.flexy.gateway;

import dz.flexy.gateway.upstream.CrashingConnections;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.r2dbc.core.DatabaseClient;

/**
 * The gateway with a {@link CrashSeam} around its database and its connections to the
 * upstream. {@code crash.point} and {@code crash.expected} say when it stops.
 */
public final class CrashingGateway {

	CrashingGateway() {
	}

	/**
	 * Starts it. Not static, so that the Maven plugin finds one static main among the
	 * tests: the demo's.
	 */
	void main(String[] arguments) {
		SpringApplication application = new SpringApplication(FlexyGateway.class);
		application.addInitializers(CrashingGateway::arm);
		application.run(arguments);
	}

	private static void arm(ConfigurableApplicationContext context) {
		CrashPoint point = context.getEnvironment().getRequiredProperty("crash.point", CrashPoint.class);
		CrashSeam seam = new CrashSeam(point,
				context.getEnvironment().getRequiredProperty("crash.expected", Integer.class));
		context.getBeanFactory().addBeanPostProcessor(new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				return (bean instanceof DatabaseClient client)
						? DatabaseClient.create(new CrashStatements(client.getConnectionFactory(), seam)) : bean;
			}

		});
		context.getBeanFactory()
			.addBeanPostProcessor(new CrashingConnections(context.getBeanFactory(), new CrashBytes(seam)::watch));
	}

}
