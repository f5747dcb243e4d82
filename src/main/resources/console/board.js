// Signs in and out, and keeps the two streams that the board lives on.

import { ask, Refusal } from "./asking.js";
import { findDemo, showDemo } from "./demo.js";
import { $, write } from "./dom.js";
import { forgetGauges, gauges } from "./gauges.js";
import { onLanguage, remember, remembered, span, speak, t } from "./i18n.js";
import { follow } from "./live.js";
import { changed, forgetOrders, refresh, showOrders } from "./orders.js";
import { words } from "./words.js";

// Says only that somebody was signed in here, so that a stranger's first look asks nothing in vain.
const HINT = "board";

// Figures come every two seconds, so a longer silence means that nobody speaks.
const SILENCE_MILLIS = 9000;

const COME_BACK_MILLIS = 3000;

// Why a sign-in failed that the gateway itself did not refuse.
const NO_COOKIE = "noCookie";
const NOT_TAKEN = "notTaken";

let session = null;
let streams = [];
let attending = false;
let down = new Set();
let connection = "";
let problem = null;
let signOutFailed = false;

function draw() {
	$("sign-in").hidden = session !== null;
	$("board").hidden = session === null;
	$("sign-out").hidden = session === null;
	$("who").hidden = session === null;
	write($("who"), session ? t(session.operator ? "asOperator" : "asCaller", session) : "");
	write($("connection"), connection && t(connection));
	$("connection").className = `connection ${connection}`;
	write($("sign-in-problem"), problem ? problem() : "");
	write($("sign-out-problem"), signOutFailed ? t("signOutFailed") : "");
}

onLanguage(draw);

function connected(name) {
	if (connection !== name) {
		connection = name;
		draw();
	}
}

function enter(signedIn) {
	streams.forEach((one) => one.close());
	session = signedIn;
	problem = null;
	remember(HINT, "known");
	draw();
	showDemo(true);
	showOrders(session);
	const all = session.operator ? "&caller=*" : "";
	const orders = stream("orders", `/orders/events?states=true${all}`, { status: changed, state: changed, reset: refresh }, refresh);
	// Of both over one network only the figures come often enough to show that nobody speaks any more.
	const figures = stream("gauges", "/console/events", { gauges }, () => 0, () => {
		down.add("orders");
		orders.resume();
	}, SILENCE_MILLIS);
	streams = [orders, figures];
	attending = true;
	connecting();
	attend();
}

function connecting() {
	down = new Set(["orders", "gauges"]);
	connected("connecting");
}

/** Who cannot be seen holds no streams: over HTTP/1.1 a browser has six connections for all its tabs. */
function attend() {
	if (document.hidden) {
		streams.forEach((one) => one.close());
		attending = false;
	} else if (!attending) {
		attending = true;
		connecting();
		streams.forEach((one) => one.resume());
	}
}

function stream(name, url, events, back, silent, silence) {
	return follow(url, {
		silent,
		events,
		up: (again) => {
			down.delete(name);
			if (again) {
				back();
			}
			if (down.size === 0) {
				connected("live");
			}
		},
		down: () => {
			down.add(name);
			connected("lost");
		},
		refused: isOver,
	}, silence);
}

/** After an answer that was no stream: whether the session is over. */
async function isOver() {
	const asked = session;
	try {
		await ask("/console/session");
		return false;
	} catch (refusal) {
		if (asked === session && (refusal.status === 401 || refusal.status === 403)) {
			leave(() => t("sessionOver"));
			return true;
		}
		return false;
	}
}

function leave(why) {
	streams.forEach((one) => one.close());
	streams = [];
	session = null;
	signOutFailed = false;
	connection = "";
	problem = why;
	remember(HINT, null);
	showDemo(false);
	forgetOrders();
	forgetGauges();
	draw();
	$("key").focus();
}

/** The key becomes a ticket, the ticket two cookies; nothing keeps the key. */
async function signIn(key) {
	problem = null;
	draw();
	try {
		const wanted = await ask("/console/session", { key });
		const { page } = await ask("/orders/tickets", { method: "POST", key });
		// The page's own address takes the ticket whatever cookie is left from before.
		await (await fetch(page, { cache: "no-store" })).text();
		const found = await ask("/console/session").catch((refusal) => {
			throw refusal.status === 401 ? new Refusal(401, NO_COOKIE, "", 0) : refusal;
		});
		if (found.caller !== wanted.caller) {
			// The ticket could not be taken, and an older cookie spoke for somebody else.
			throw new Refusal(503, NOT_TAKEN, "", 0);
		}
		enter(found);
	} catch (refusal) {
		problem = () => said(refusal);
		draw();
		$("key").focus();
	}
}

function said(refusal) {
	if (refusal.code === NO_COOKIE || refusal.code === NOT_TAKEN) {
		return t(refusal.code);
	}
	switch (refusal.status) {
		case 0: return t("unreachable");
		case 401: return t("wrongKey");
		case 403: return t("noScope");
		case 429: return t("blockedKey", { span: span(refusal.retryAfter * 1000) });
		default: return t("refused", { message: refusal.message });
	}
}

async function begin() {
	const ticketed = new URLSearchParams(location.search).has("ticket");
	if (ticketed) {
		history.replaceState(null, "", location.pathname);
	}
	if ((ticketed || remembered(HINT)) && await comeBack(ticketed)) {
		return;
	}
	draw();
	const demo = await findDemo();
	// Whoever types already would press Enter on the demo's button.
	if (document.activeElement === document.body) {
		(demo ? $("demo-sign-in") : $("key")).focus();
	}
}

/** Whether a session that is known of was found again, or another one was begun meanwhile. */
async function comeBack(ticketed) {
	while (!session) {
		try {
			const found = await ask("/console/session");
			await findDemo();
			if (!session) {
				enter(found);
			}
		} catch (refusal) {
			if (refusal.status === 401 || refusal.status === 403) {
				remember(HINT, null);
				problem = () => refusal.status === 401 ? t(ticketed ? "wrongTicket" : "sessionOver") : said(refusal);
				return false;
			}
			problem = () => t("unreachableNow");
			draw();
			await new Promise((later) => setTimeout(later, Math.max(refusal.retryAfter * 1000, COME_BACK_MILLIS)));
		}
	}
	return true;
}

$("sign-in-form").addEventListener("submit", (event) => {
	event.preventDefault();
	const key = $("key").value;
	$("key").value = "";
	signIn(key);
});

$("sign-out").addEventListener("click", async () => {
	signOutFailed = false;
	draw();
	try {
		await ask("/orders/sign-out", { method: "POST" });
	} catch (refusal) {
		if (refusal.status !== 401) {
			signOutFailed = session !== null;
			draw();
			return;
		}
	}
	leave(() => t("signedOut"));
});

$("demo-sign-in").addEventListener("click", async () => {
	const demo = await findDemo();
	if (demo) {
		signIn(demo.key);
	}
});

document.addEventListener("visibilitychange", attend);

speak(words, $("languages"));
begin();
