// A stream of events that takes itself up again, and tells when it cannot.

// A browser gives up on an answer that is not a stream; a silent one it does not notice at all.
const AGAIN_MILLIS = 2000;
const LONGEST_MILLIS = 15000;

/**
 * Opens a stream and keeps it open.
 * @param url where
 * @param handlers `events` by name; `up` when it is open, told whether it was before; `down` when it is lost;
 *     `refused` asked before trying again after an answer that was no stream: whether to stop
 * @param silence milliseconds without an event after which it counts as lost; 0 for never
 * @return closes it
 */
export function follow(url, { events, up, down, refused }, silence = 0) {
	let source = null;
	let opened = false;
	let lost = false;
	let closed = false;
	let failures = 0;
	let timer = 0;
	let watch = 0;

	const alive = () => {
		clearTimeout(watch);
		if (silence > 0 && !closed) {
			watch = setTimeout(() => {
				lose();
				again();
			}, silence);
		}
	};

	const lose = () => {
		if (!lost && !closed) {
			lost = true;
			down();
		}
	};

	const again = () => {
		source?.close();
		clearTimeout(timer);
		clearTimeout(watch);
		if (!closed) {
			const wait = Math.min(LONGEST_MILLIS, AGAIN_MILLIS * 2 ** Math.min(failures++, 3));
			timer = setTimeout(open, wait * (0.5 + Math.random() / 2));
		}
	};

	const open = () => {
		source = new EventSource(url);
		source.onopen = () => {
			failures = 0;
			lost = false;
			up(opened);
			opened = true;
			alive();
		};
		source.onerror = async () => {
			const over = source.readyState === EventSource.CLOSED;
			clearTimeout(watch);
			lose();
			if (over && !closed) {
				if (!(await refused())) {
					again();
				}
			}
		};
		for (const [name, handler] of Object.entries(events)) {
			source.addEventListener(name, (event) => {
				alive();
				handler(JSON.parse(event.data));
			});
		}
		alive();
	};

	open();
	return () => {
		closed = true;
		clearTimeout(timer);
		clearTimeout(watch);
		source.close();
	};
}
