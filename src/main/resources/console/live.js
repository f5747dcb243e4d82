// A stream of events that takes itself up again, and tells when it cannot.

// A browser gives up on an answer that is not a stream; a silent one it does not notice at all.
const AGAIN_MILLIS = 2000;
const LONGEST_MILLIS = 15000;

/**
 * Opens a stream and keeps it open.
 * @param url where
 * @param handlers `events` by name; `up` when it is open, told whether it was before; `down` when it is lost;
 *     `refused` asked before trying again after an answer that was no stream: whether to stop;
 *     `silent` when it is lost because nothing came
 * @param silence milliseconds without an event after which it counts as lost; 0 for never
 * @return `close` and `resume`
 */
export function follow(url, { events, up, down, refused, silent }, silence = 0) {
	let source = null;
	let opened = false;
	let lost = false;
	let stopped = false;
	let failures = 0;
	let timer = 0;
	let watch = 0;

	const alive = () => {
		clearTimeout(watch);
		if (silence > 0 && !stopped) {
			watch = setTimeout(() => {
				lose();
				again();
				silent();
			}, silence);
		}
	};

	const lose = () => {
		if (!lost && !stopped) {
			lost = true;
			down();
		}
	};

	const shut = () => {
		clearTimeout(timer);
		clearTimeout(watch);
		source?.close();
	};

	const again = () => {
		shut();
		if (!stopped) {
			const wait = Math.min(LONGEST_MILLIS, AGAIN_MILLIS * 2 ** Math.min(failures++, 3));
			timer = setTimeout(open, wait * (0.5 + Math.random() / 2));
		}
	};

	const open = () => {
		const mine = new EventSource(url);
		source = mine;
		mine.onopen = () => {
			failures = 0;
			lost = false;
			up(opened);
			opened = true;
			alive();
		};
		mine.onerror = async () => {
			const over = mine.readyState === EventSource.CLOSED;
			// One that the browser takes up again by itself may hang there as well.
			alive();
			lose();
			if (over && !(await refused()) && source === mine) {
				again();
			}
		};
		for (const [name, handler] of Object.entries(events)) {
			mine.addEventListener(name, (event) => {
				alive();
				handler(JSON.parse(event.data));
			});
		}
		alive();
	};

	open();
	return {
		close: () => {
			stopped = true;
			shut();
		},
		/** Opens it anew at once; what came meanwhile was missed. */
		resume: () => {
			shut();
			stopped = false;
			lost = false;
			opened = true;
			open();
		},
	};
}
