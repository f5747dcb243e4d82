package dz.flexy.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/** Sends over a socket what no client library would, and reads one short answer. */
final class RawHttp {

	private static final int TIMEOUT_MILLIS = 20_000;

	private final URI gateway;

	private final String from;

	RawHttp(URI gateway) {
		this(gateway, "127.0.0.1");
	}

	/**
	 * Comes from an address of its own.
	 * @param from one of this machine's, IPv4
	 */
	RawHttp(URI gateway, String from) {
		this.gateway = gateway;
		this.from = from;
	}

	/**
	 * One request on a connection of its own.
	 * @param start method and path
	 * @param headers go out as they are, in Latin 1
	 * @param body as it is; its length must be among the headers
	 */
	Answer exchange(String start, Map<String, String> headers, byte[] body) {
		StringBuilder head = new StringBuilder(start).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
		headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
		try (Socket socket = new Socket("127.0.0.1", this.gateway.getPort(), InetAddress.ofLiteral(this.from), 0)) {
			socket.setSoTimeout(TIMEOUT_MILLIS);
			ByteArrayOutputStream request = new ByteArrayOutputStream();
			request.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
			request.write(body);
			socket.getOutputStream().write(request.toByteArray());
			Answer answer = answer(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
			check(start, answer);
			return answer;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(start, ex);
		}
	}

	/** Holds it against the published contract, if the request was one to begin with. */
	private static void check(String start, Answer answer) {
		String[] words = start.split(" ");
		if (words.length == 2 && words[1].startsWith("/")) {
			byte[] body = answer.body().isEmpty() ? new byte[0]
					: answer.body().toString().getBytes(StandardCharsets.UTF_8);
			PublishedContract.shared()
				.check(HttpMethod.valueOf(words[0]), words[1], answer.status(), answer.headers(), body);
		}
	}

	private static Answer answer(String response) {
		String[] parts = response.split("\r\n\r\n", 2);
		String[] lines = parts[0].split("\r\n");
		HttpHeaders headers = new HttpHeaders();
		for (int i = 1; i < lines.length; i++) {
			String[] header = lines[i].split(": ", 2);
			headers.add(header[0], header[1]);
		}
		String body = parts[1].isEmpty() ? "{}" : parts[1];
		return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, new JsonMapper().readTree(body));
	}

}
