package dz.flexy.gateway.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Several replicas that spend one shared row by chance: they die, are slow, report late,
 * lose the answer to an exchange, and hang up. The upstream counts a call at any time
 * from its first byte to its end, in fixed windows that open with a first call. Times are
 * in microseconds.
 */
final class PlayedReplicas {

	private static final long TICK = 50_000;

	private static final long START = 1_761_698_219_000_000L;

	private static final long LONGEST_CALL = 15_000_000;

	private final Random random;

	private final Rate rate;

	private final Usage usage = Usage.none();

	private final List<Replica> replicas = new ArrayList<>();

	private final List<Long> ours = new ArrayList<>();

	private final TreeMap<Long, Integer> windows = new TreeMap<>();

	private boolean calm;

	private boolean headers;

	private long skew;

	private int strangers;

	private int strangersCalls;

	private int refused;

	private long now = START;

	PlayedReplicas(Random random, Rate rate, int count) {
		this.random = random;
		this.rate = rate;
		for (int i = 0; i < count; i++) {
			this.replicas.add(new Replica());
		}
	}

	/** Nobody dies, and calls are short. */
	PlayedReplicas calm() {
		this.calm = true;
		return this;
	}

	/** Answers tell the truth, by a clock that is so many seconds off ours. */
	PlayedReplicas behindHeaders(long skewSeconds) {
		this.headers = true;
		this.skew = skewSeconds;
		return this;
	}

	/** Others use the key as well, about so often in a window. */
	PlayedReplicas withStrangers(int calls) {
		this.strangers = calls;
		return this;
	}

	void run(Duration time) {
		long end = START + time.toNanos() / 1000;
		for (; this.now < end; this.now += TICK) {
			if (this.strangers > 0 && this.random.nextLong(this.rate.window() / TICK) < this.strangers) {
				this.strangersCalls++;
				count(this.now);
			}
			this.replicas.forEach(Replica::tick);
		}
	}

	/** In any window, wherever it begins. */
	int mostInAnyWindow() {
		List<Long> sorted = this.ours.stream().sorted().toList();
		int most = 0;
		int first = 0;
		for (int i = 0; i < sorted.size(); i++) {
			while (sorted.get(i) - sorted.get(first) >= this.rate.window()) {
				first++;
			}
			most = Math.max(most, i - first + 1);
		}
		return most;
	}

	/** In each of the upstream's windows but the first and the last. */
	List<Integer> usedInFullWindows() {
		List<Integer> used = List.copyOf(this.windows.values());
		return used.subList(1, used.size() - 1);
	}

	int strangersCalls() {
		return this.strangersCalls;
	}

	int refused() {
		return this.refused;
	}

	/** What is left, or below zero. */
	private int count(long at) {
		Map.Entry<Long, Integer> window = this.windows.floorEntry(at);
		if (window == null || window.getKey() + this.rate.window() <= at) {
			this.windows.put(at, 0);
		}
		int left = this.rate.limit() - this.windows.merge(this.windows.floorKey(at), 1, Integer::sum);
		if (left < 0) {
			this.refused++;
		}
		return left;
	}

	private final class Replica {

		private final List<Call> calls = new ArrayList<>();

		private final List<Heard> heard = new ArrayList<>();

		private final List<Report.Finished> finished = new ArrayList<>();

		private final List<Long> unused = new ArrayList<>();

		private final List<Long> finishedAt = new ArrayList<>();

		private final List<Long> heardAt = new ArrayList<>();

		private long renewed;

		void tick() {
			if (!PlayedReplicas.this.calm && PlayedReplicas.this.random.nextInt(600) == 0) {
				die();
				return;
			}
			List.copyOf(this.calls).forEach(this::progress);
			boolean due = PlayedReplicas.this.now - this.renewed >= 1_000_000;
			if (due || PlayedReplicas.this.random.nextInt(3) == 0) {
				exchange();
			}
		}

		/** What is under way may still be counted before that; nothing is afterwards. */
		private void die() {
			this.calls.clear();
			this.heard.clear();
			this.heardAt.clear();
			this.finished.clear();
			this.finishedAt.clear();
			this.unused.clear();
		}

		private void progress(Call call) {
			long now = PlayedReplicas.this.now;
			if (call.dropped) {
				this.calls.remove(call);
				this.unused.add(call.charge);
			}
			else if (now >= call.counted && !call.arrived) {
				call.arrived = true;
				PlayedReplicas.this.ours.add(now);
				call.left = count(now);
				call.resets = (PlayedReplicas.this.windows.floorKey(now) + PlayedReplicas.this.rate.window());
				call.answeredAt = now;
			}
			else if (now >= call.end && call.arrived) {
				this.calls.remove(call);
				this.finished.add(new Report.Finished(call.charge, 0));
				this.finishedAt.add(now);
				if (PlayedReplicas.this.headers) {
					this.heard.add(answer(call));
					this.heardAt.add(now);
				}
			}
		}

		private Heard answer(Call call) {
			long date = (call.answeredAt / 1_000_000) + PlayedReplicas.this.skew;
			long reset = call.resets / 1_000_000 + PlayedReplicas.this.skew;
			long in = Math.max(0, (reset - date) * 1_000_000);
			int left = Math.max(0, call.left);
			return new Heard(PlayedReplicas.this.rate.limit(), left, reset, in, (left == 0) ? in : 0, 0);
		}

		private void exchange() {
			Random random = PlayedReplicas.this.random;
			long now = PlayedReplicas.this.now;
			boolean lostBefore = !PlayedReplicas.this.calm && random.nextInt(40) == 0;
			boolean lostAfter = !PlayedReplicas.this.calm && random.nextInt(40) == 0;
			if (lostBefore) {
				doubt();
				return;
			}
			Grant grant = PlayedReplicas.this.usage.exchange(report(), PlayedReplicas.this.rate, now);
			this.renewed = now;
			if (lostAfter) {
				doubt();
				return;
			}
			this.calls.forEach((call) -> call.charge = grant.charge());
			this.heard.clear();
			this.heardAt.clear();
			this.finished.clear();
			this.finishedAt.clear();
			this.unused.clear();
			grant.permits().values().forEach((count) -> {
				for (int i = 0; i < count; i++) {
					this.calls.add(call(grant.charge()));
				}
			});
		}

		/** As a batch in doubt: only adds from now on. */
		private void doubt() {
			this.unused.clear();
			this.calls.forEach((call) -> call.charge = 0);
			this.finished.replaceAll((one) -> new Report.Finished(0, one.age()));
		}

		private Report report() {
			Random random = PlayedReplicas.this.random;
			long now = PlayedReplicas.this.now;
			Map<Lane, Integer> wanted = new EnumMap<>(Lane.class);
			for (Lane lane : Lane.values()) {
				wanted.put(lane, PlayedReplicas.this.calm ? 10 : random.nextInt(6));
			}
			List<Report.Finished> over = new ArrayList<>();
			for (int i = 0; i < this.finished.size(); i++) {
				over.add(new Report.Finished(this.finished.get(i).charge(), now - this.finishedAt.get(i)));
			}
			List<Heard> answers = new ArrayList<>();
			for (int i = 0; i < this.heard.size(); i++) {
				answers.add(this.heard.get(i).aged(now - this.heardAt.get(i)));
			}
			return new Report(List.copyOf(this.unused), over, this.calls.stream().map((call) -> call.charge).toList(),
					answers, wanted);
		}

		private Call call(long charge) {
			Random random = PlayedReplicas.this.random;
			Call call = new Call();
			call.charge = charge;
			call.dropped = !PlayedReplicas.this.calm && random.nextInt(8) == 0;
			long begin = PlayedReplicas.this.now + random.nextLong(PlayedReplicas.this.calm ? 50_000 : 1_000_000);
			long longest = (!PlayedReplicas.this.calm && random.nextInt(10) == 0) ? LONGEST_CALL : 300_000;
			call.end = begin + random.nextLong(longest) + 1;
			call.counted = begin + random.nextLong(call.end - begin);
			return call;
		}

	}

	private static final class Call {

		private long charge;

		private boolean dropped;

		private boolean arrived;

		private long counted;

		private long end;

		private int left;

		private long resets;

		private long answeredAt;

	}

}
