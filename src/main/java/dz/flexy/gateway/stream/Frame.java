package dz.flexy.gateway.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A piece of an event stream as it goes over the wire. Immutable. */
final class Frame {

	/** A comment, which clients ignore. */
	static final Frame HEARTBEAT = new Frame(":\n\n", false, false);

	/** Says nothing: the stream is over. */
	static final Frame END = new Frame("", false, true);

	private final byte[] bytes;

	private final boolean event;

	private final boolean last;

	private Frame(String text, boolean event, boolean last) {
		this.bytes = text.getBytes(StandardCharsets.UTF_8);
		this.event = event;
		this.last = last;
	}

	/** Begins the first event with the time after which to reconnect. */
	static Frame greeting(Duration retry) {
		return new Frame("retry: " + retry.toMillis() + "\n", false, false);
	}

	/** Asks to come back after a time. */
	static Frame farewell(Duration retry) {
		return new Frame("retry: " + retry.toMillis() + "\n\n", false, true);
	}

	/** Tells where the stream stands without saying anything else. */
	static Frame place(long id) {
		return new Frame("id: " + id + "\n\n", false, false);
	}

	/** An event; its data must be a single line. */
	static Frame event(String name, long id, String data) {
		return new Frame("event: " + name + "\nid: " + id + "\ndata: " + data + "\n\n", true, false);
	}

	/** An event that no reconnect asks for again; its data must be a single line. */
	static Frame event(String name, String data) {
		return new Frame("event: " + name + "\ndata: " + data + "\n\n", true, false);
	}

	byte[] bytes() {
		return this.bytes;
	}

	boolean isEvent() {
		return this.event;
	}

	boolean isLast() {
		return this.last;
	}

	@Override
	public String toString() {
		return new String(this.bytes, StandardCharsets.UTF_8);
	}

}
