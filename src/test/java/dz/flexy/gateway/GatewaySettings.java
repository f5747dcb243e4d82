package dz.flexy.gateway;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/** The settings that a gateway under test, or the demo, is started with. */
public final class GatewaySettings {

	private final Map<String, Object> settings = new LinkedHashMap<>();

	/** A fixed card key, fit for nothing else. */
	public GatewaySettings() {
		set("gateway.orders.card-key", Base64.getEncoder().encodeToString(new byte[32]));
	}

	/**
	 * Any setting.
	 * @param name the property
	 * @param value its value
	 * @return these settings
	 */
	public GatewaySettings set(String name, Object value) {
		this.settings.put(name, value);
		return this;
	}

	/**
	 * Leaves a setting out.
	 * @param name the property
	 * @return these settings
	 */
	public GatewaySettings without(String name) {
		this.settings.remove(name);
		return this;
	}

	public GatewaySettings database(EmbeddedPostgres postgres) {
		return database("r2dbc:postgresql://localhost:" + postgres.getPort() + "/postgres");
	}

	public GatewaySettings database(String r2dbcUrl) {
		return set("spring.r2dbc.url", r2dbcUrl).set("spring.r2dbc.username", "postgres")
			.set("spring.r2dbc.password", "postgres");
	}

	public GatewaySettings upstream(URI baseUrl, String key) {
		return set("gateway.upstream.base-url", baseUrl).set("gateway.upstream.accounts.main.api-key", key);
	}

	/**
	 * A caller with the usual scopes.
	 * @param name his name
	 * @param key his key in the clear
	 * @return these settings
	 */
	public GatewaySettings caller(String name, String key) {
		return set("gateway.callers." + name + ".keys[0]", "sha256:" + sha256(key));
	}

	/**
	 * One upstream account among several.
	 * @param name its name
	 * @param key the upstream's key in the clear
	 * @return these settings
	 */
	public GatewaySettings account(String name, String key) {
		return set("gateway.upstream.accounts." + name + ".api-key", key);
	}

	/**
	 * A caller who buys with one account of several.
	 * @param name his name
	 * @param key his key in the clear
	 * @param account the account's name
	 * @return these settings
	 */
	public GatewaySettings caller(String name, String key, String account) {
		return caller(name, key).set("gateway.callers." + name + ".account", account);
	}

	public Map<String, Object> asMap() {
		return this.settings;
	}

	/** As command line arguments, which win over the application's own file. */
	public String[] asArguments() {
		return this.settings.entrySet()
			.stream()
			.map((setting) -> "--" + setting.getKey() + "=" + setting.getValue())
			.toArray(String[]::new);
	}

	private static String sha256(String key) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException impossible) {
			throw new IllegalStateException(impossible);
		}
	}

}
