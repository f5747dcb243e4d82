// Signs in and out, and keeps the two streams that the board lives on.

import { ask } from "./asking.js";
import { findDemo, showDemo } from "./demo.js";
import { $ } from "./dom.js";
import { forgetGauges, gauges } from "./gauges.js";
import { onLanguage, remember, remembered, span, speak, t } from "./i18n.js";
import { follow } from "./live.js";
import { changed, forgetOrders, gather, showOrders } from "./orders.js";
import { words } from "./words.js";

// Says only that somebody was signed in here, so that a stranger's first look asks nothing in vain.
const HINT = "board";

// Figures come every two seconds, so a longer silence means that nobody speaks.
const SILENCE_MILLIS = 9000;

let session = null;
let close = [];
let down = new Set();
let connection = "";
let problem = null;

function draw() {
	$("sign-in").hidden = session !== null;
	$("board").hidden = session === null;
	$("sign-out").hidden = session === null;
	$("who").hidden = session === null;
	$("who").textContent = session && t(session.operator ? "asOperator" : "asCaller", session);
	$("connection").textContent = connection && t(connection);
	$("connection").className = `connection ${connection}`;
	$("sign-in-problem").textContent = problem ? problem() : "";
}

onLanguage(draw);

function connected(name) {
	if (connection !== name) {
		connection = name;
		draw();
	}
}

function enter(signedIn) {
	session = signedIn;
	problem = null;
	down = new Set(["orders", "gauges"]);
	remember(HINT, "known");
	connected("connecting");
	draw();
	showDemo(true);
	const all = session.operator ? "?caller=*" : "";
	close = [
		stream("orders", `/orders/events${all}`, { status: changed, reset: gather }, gather),
		stream("gauges", "/console/events", { gauges }, () => 0, SILENCE_MILLIS),
	];
	showOrders(session);
}

function stream(name, url, events, back, silence) {
	return follow(url, {
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
	try {
		await ask("/console/session");
		return false;
	} catch (refusal) {
		if (refusal.status === 401 || refusal.status === 403) {
			leave(() => t("sessionOver"));
			return true;
		}
		return false;
	}
}

function leave(why) {
	close.forEach((one) => one());
	close = [];
	session = null;
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
		const { page } = await ask("/orders/tickets", { method: "POST", key });
		// The page's own address takes the ticket whatever cookie is left from before.
		await (await fetch(page, { cache: "no-store" })).text();
		enter(await ask("/console/session"));
	} catch (refusal) {
		problem = () => said(refusal);
		draw();
		$("key").focus();
	}
}

function said(refusal) {
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
	if (ticketed || remembered(HINT)) {
		try {
			const found = await ask("/console/session");
			await findDemo();
			enter(found);
			return;
		} catch (refusal) {
			remember(HINT, null);
			problem = () => refusal.status === 401 ? t(ticketed ? "wrongTicket" : "sessionOver") : said(refusal);
		}
	}
	draw();
	const demo = await findDemo();
	$("demo-sign-in").addEventListener("click", () => signIn(demo.key));
	(demo ? $("demo-sign-in") : $("key")).focus();
}

$("sign-in-form").addEventListener("submit", (event) => {
	event.preventDefault();
	const key = $("key").value;
	$("key").value = "";
	signIn(key);
});

$("sign-out").addEventListener("click", async () => {
	await ask("/orders/sign-out", { method: "POST" }).catch(() => null);
	leave(() => t("signedOut"));
});

speak(words, $("languages"));
begin();
