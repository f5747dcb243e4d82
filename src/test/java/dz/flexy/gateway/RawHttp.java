package dz.flexy.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dz.flexy.gateway.GatewayUnderTest.Answer;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/** Sends over a socket what no client library would, and reads short answers. */
final class RawHttp {

	private static final int TIMEOUT_MILLIS = 20_000;

	/** An event stream that has begun is not waited for. */
	private static final int STREAM_MILLIS = 50;

	private static final Pattern STREAM = Pattern.compile("(?i)\r\ncontent-type: text/event-stream");

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

	/**
	 * Any bytes, on a connection of their own.
	 * @param silence how long the gateway may say nothing, or nothing more
	 * @return what came until then, or until it closed the connection
	 */
	Said say(byte[] request, Duration silence) {
		ByteArrayOutputStream answer = new ByteArrayOutputStream();
		boolean closed = false;
		try (Socket socket = new Socket("127.0.0.1", this.gateway.getPort(), InetAddress.ofLiteral(this.from), 0)) {
			socket.setSoTimeout((int) silence.toMillis());
			socket.setTcpNoDelay(true);
			socket.getOutputStream().write(request);
			byte[] buffer = new byte[8192];
			int read = socket.getInputStream().read(buffer);
			while (read >= 0) {
				answer.write(buffer, 0, read);
				if (isStream(answer)) {
					socket.setSoTimeout(STREAM_MILLIS);
				}
				read = socket.getInputStream().read(buffer);
			}
			closed = true;
		}
		catch (SocketTimeoutException silent) {
			// It waits for more.
		}
		catch (SocketException reset) {
			closed = true;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new Said(answer.toString(StandardCharsets.ISO_8859_1), closed);
	}

	private static boolean isStream(ByteArrayOutputStream answer) {
		return answer.size() < 4096 && STREAM.matcher(answer.toString(StandardCharsets.ISO_8859_1)).find();
	}

	/**
	 * What came back.
	 *
	 * @param text of one answer after the other, in Latin 1
	 * @param closed whether the gateway closed the connection
	 */
	record Said(String text, boolean closed) {

		/** Answers in their order, without those that only say that more is to come. */
		List<Reply> replies() {
			List<Reply> replies = new ArrayList<>();
			String left = this.text;
			while (!left.isEmpty()) {
				String[] parts = left.split("\r\n\r\n", 2);
				left = (parts.length > 1) ? parts[1] : "";
				if (!parts[0].startsWith("HTTP/1.1 1")) {
					int length = length(parts[0], left);
					replies.add(new Reply(parts[0], left.substring(0, length)));
					left = left.substring(length);
				}
			}
			return replies;
		}

		private static int length(String head, String left) {
			Matcher stated = Pattern.compile("(?i)\r\ncontent-length: (\\d+)").matcher(head);
			if (stated.find()) {
				return Math.min(left.length(), Integer.parseInt(stated.group(1)));
			}
			int end = head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")
					? left.indexOf("\r\n0\r\n\r\n") : -1;
			return (end < 0) ? left.length() : end + 7;
		}

	}

	/**
	 * One answer.
	 *
	 * @param head status line and headers
	 * @param body as it came, chunks included
	 */
	record Reply(String head, String body) {

		int status() {
			return Integer.parseInt(this.head.split(" ", 3)[1]);
		}

		/** A header's value, empty if there is none. */
		String header(String name) {
			Matcher line = Pattern.compile("(?im)^" + Pattern.quote(name) + ": (.*?)\\r?$").matcher(this.head);
			return line.find() ? line.group(1) : "";
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
