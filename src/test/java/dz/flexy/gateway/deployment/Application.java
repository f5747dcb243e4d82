package dz.flexy.gateway.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.io.ClassPathResource;

/** What the application says of its settings: which there are, and what they are. */
final class Application {

	private final Map<String, String> defaults = new HashMap<>();

	private final List<Pattern> variables = new ArrayList<>();

	private final Properties properties;

	Application() {
		YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
		yaml.setResources(new ClassPathResource("application.yml"));
		this.properties = yaml.getObject();
		try {
			for (URL metadata : Collections
				.list(Application.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
				read(metadata);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Whether a name in the environment is that of a setting. */
	boolean knows(String variable) {
		return this.variables.stream().anyMatch((pattern) -> pattern.matcher(variable).matches());
	}

	/** A setting's value in the application's own file. */
	String text(String name) {
		return this.properties.getProperty(name);
	}

	int number(String name) {
		return Integer.parseInt(text(name));
	}

	/** A setting's default. */
	Duration duration(String name) {
		return DurationStyle.detectAndParse(this.defaults.get(name));
	}

	private void read(URL metadata) throws IOException {
		try (InputStream stream = metadata.openStream()) {
			for (JsonNode property : new JsonMapper().readTree(stream).path("properties")) {
				String name = property.path("name").asString();
				String type = property.path("type").asString("");
				this.defaults.put(name, property.path("defaultValue").asString(""));
				String variable = name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
				if (type.matches("java\\.util\\.Map<java\\.lang\\.String,\\s?dz\\.flexy.*>")) {
					components(type.replaceAll(".*,\\s?|>", ""))
						.forEach((part) -> this.variables.add(Pattern.compile(variable + "_[A-Z]+_" + part)));
				}
				else {
					this.variables.add(Pattern.compile(type.contains("List<") ? variable + "(_\\d)?" : variable));
				}
			}
		}
	}

	private static List<String> components(String record) {
		try {
			List<String> components = new ArrayList<>();
			for (var component : Class.forName(record).getRecordComponents()) {
				boolean several = Iterable.class.isAssignableFrom(component.getType());
				components.add(component.getName().toUpperCase(Locale.ROOT) + (several ? "(_\\d)?" : ""));
			}
			return components;
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
