// One order, live. Data comes from /orders/{id} and its event stream, with the cookie that the page's ticket became.

import { preferred, words } from "./track-words.js";

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
const NEWS_STAYS = 4000;
const STALE = 60_000;
const QUIET = 90_000;
const PATIENCE = 15_000;

// The operator does not have it yet, or it is not known whether he has.
const UNSENT = new Set(["ACCEPTED", "SENDING", "SEND_UNKNOWN"]);
const WORKING = new Set(["PENDING", "HANDLING", "QUEUED", "UNKNOWN_ERROR"]);
const TONES = { PENDING: "busy", HANDLING: "busy", UNSENT: "busy", UNSENT_PENDING: "busy", LOADING: "busy", BUSY: "busy", QUEUED: "wait", UNKNOWN_ERROR: "wait",
	FULFILLED: "good", FULFILLED_CARD: "good", PARTIALLY_FILLED: "good", REFUNDED: "back", NOT_CHARGED: "back" };
const SEALS = { busy: "busy", wait: "wait", good: "done", back: "back", gone: "link" };

const byId = (id) => document.getElementById(id);
const main = byId("main");
const place = new URL(location.href);
const id = decodeURIComponent(place.pathname.split("/").pop());
const base = new URL(`../orders/${encodeURIComponent(id)}`, place);

let ticket = place.searchParams.get("ticket");
let language = preferred(stored(), navigator.languages);
let view = { key: "LOADING" };
let order;
let stream;
let pause = FIRST_PAUSE;
let waiting;
let lost = false;
let looked = 0;
let quiet = QUIET;
let loading = false;
let codes;
let skew = 0;

if (ticket !== null) {
	place.searchParams.delete("ticket");
	history.replaceState(null, "", place);
}

// Following the order

async function load() {
	if (loading) {
		return;
	}
	loading = true;
	clearTimeout(waiting);
	waiting = undefined;
	try {
		await read();
	}
	finally {
		loading = false;
	}
}

async function read() {
	let answer;
	try {
		answer = await ask(base);
		if (answer.status === 401 && ticket !== null) {
			// The page could not make a cookie of it, for instance because the database was away.
			const url = new URL(base);
			url.searchParams.set("ticket", ticket);
			answer = await ask(url);
		}
	}
	catch {
		return again();
	}
	if (answer.status === 200) {
		let body;
		try {
			body = await answer.json();
		}
		catch {
			return again();
		}
		ticket = null;
		pause = FIRST_PAUSE;
		looked = Date.now();
		quiet = QUIET * (0.75 + Math.random() / 2);
		skew = Date.parse(body.meta.timestamp) - looked;
		order = body.data;
		connected();
		show();
		return follow();
	}
	if (answer.status === 401 || answer.status === 403) {
		return end("ENDED");
	}
	if (answer.status === 404 || answer.status === 400) {
		return end("MISSING");
	}
	again(Number(answer.headers.get("Retry-After")) * 1000, order ? undefined : "BUSY");
}

/** An answer in good time; Safari before 16 has no AbortSignal.timeout. */
function ask(url) {
	const patience = new AbortController();
	setTimeout(() => patience.abort(), PATIENCE);
	return fetch(url, { headers: { Accept: "application/json" }, cache: "no-store", signal: patience.signal });
}

function follow() {
	stream?.close();
	stream = undefined;
	if (order.final) {
		return;
	}
	stream = new EventSource(`${base}/events`);
	stream.addEventListener("open", connected);
	stream.addEventListener("status", heard);
	stream.addEventListener("reset", heard);
	stream.addEventListener("error", () => {
		// Connecting: it comes back by itself. Closed: a refusal, so the order itself is asked what that means.
		disconnected();
		if (stream?.readyState === EventSource.CLOSED) {
			stream = undefined;
			again();
		}
	});
}

function heard(event) {
	const news = JSON.parse(event.data);
	looked = Date.now();
	order.status = news.status;
	order.state = news.state;
	order.final = news.final;
	order.reason = news.reason;
	show();
	if (news.final) {
		stream?.close();
		stream = undefined;
		load();
	}
}

function again(least = 0, key = undefined) {
	if (key) {
		view = { key };
		render();
	}
	disconnected();
	clearTimeout(waiting);
	waiting = setTimeout(load, Math.max(least || 0, pause * (0.75 + Math.random() / 2)));
	pause = Math.min(LONGEST_PAUSE, pause * 2);
}

function end(key) {
	clearTimeout(waiting);
	waiting = undefined;
	stream?.close();
	stream = undefined;
	order = undefined;
	codes = undefined;
	view = { key };
	lost = false;
	byId("connection").hidden = true;
	render();
}

function disconnected() {
	lost = true;
	tell("lost");
}

function connected() {
	if (lost) {
		lost = false;
		tell("back");
		setTimeout(() => {
			if (!lost) {
				byId("connection").hidden = true;
			}
		}, NEWS_STAYS);
	}
}

function tell(key) {
	const notice = byId("connection");
	notice.toggleAttribute("data-back", key === "back");
	notice.dataset.key = key;
	notice.hidden = false;
	write(notice, words[language][key]);
}

/** A page that was in the background, or without a network, looks again: a final result may have been corrected. */
function resumed() {
	if (document.visibilityState === "visible" && order && (lost || Date.now() - looked > STALE)) {
		load();
	}
}

/** A stream over a connection that died looks like one that has nothing to tell. */
function listen() {
	if (document.visibilityState === "visible" && order && !order.final && !waiting && Date.now() - looked > quiet) {
		load();
	}
}

/** The network is another one: what went over the last one is gone. */
function online() {
	if (waiting || order && !order.final) {
		load();
	}
	else {
		resumed();
	}
}

// Showing it

function show() {
	let key = order.status;
	if (UNSENT.has(order.state)) {
		key = key === "PENDING" ? "UNSENT_PENDING" : "UNSENT";
	}
	if (key === "REFUNDED" && order.state === "REJECTED") {
		key = "NOT_CHARGED";
	}
	if (key === "FULFILLED" && order.card) {
		key = "FULFILLED_CARD";
	}
	view = { key };
	render();
}

function render() {
	const say = words[language];
	const tone = TONES[view.key] ?? "gone";
	const [headline, meaning, advice] = say[view.key] ?? say.HANDLING;
	document.documentElement.lang = language;
	document.documentElement.dir = say.dir;
	document.title = order ? `${headline} · ${say.brand}` : say.brand;
	main.dataset.tone = tone;
	main.dataset.view = view.key;
	main.setAttribute("aria-busy", String(view.key === "LOADING"));
	byId("seal").setAttribute("href", `#i-${seal(tone)}`);
	for (const element of document.querySelectorAll("[data-word]")) {
		write(element, say[element.dataset.word]);
	}
	for (const button of document.querySelectorAll("[data-language]")) {
		button.setAttribute("aria-pressed", String(button.dataset.language === language));
	}
	const notice = byId("connection");
	if (!notice.hidden) {
		write(notice, say[notice.dataset.key]);
	}
	write(byId("headline"), headline);
	write(byId("meaning"), [filled(say) ?? meaning, because(say)].filter(Boolean).join(" "));
	write(byId("advice"), advice ?? "");
	byId("advice").hidden = !advice;
	renderSteps(say);
	renderDetails(say);
	renderCard(say);
	tick();
}

function seal(tone) {
	return view.key === "PARTIALLY_FILLED" ? "part" : view.key === "NOT_CHARGED" ? "none" : SEALS[tone];
}

/** How many cards of how many have arrived, if that is told. */
function filled(say) {
	return view.key === "PARTIALLY_FILLED" && order.fulfilled !== undefined ? say.filled(order.fulfilled, order.quantity) : undefined;
}

/** Why it ended so, and whether that was corrected; only once it has ended. */
function because(say) {
	if (!order?.final) {
		return "";
	}
	const failed = order.status === "REFUNDED" || order.status === "PARTIALLY_FILLED";
	const told = order.state !== "REJECTED" && order.reason ? `${say.said} \u2068${order.reason}\u2069` : say.why[order.code];
	const corrected = order.events?.slice(-1)[0]?.correction ? say.corrected : "";
	return [failed ? told : "", corrected].filter(Boolean).join(" ");
}

function renderSteps(say) {
	byId("progress").hidden = !order;
	if (!order) {
		return;
	}
	const working = WORKING.has(order.status);
	const result = order.final ? say[view.key][0] : say.stepEnd;
	const halfway = UNSENT.has(order.state) || order.state === "REJECTED" ? say.stepUnsent
		: working && order.status !== "HANDLING" ? say[order.status][0] : say.stepWorking;
	step(1, "done", say.stepReceived, time(order.acceptedAt));
	step(2, working ? "now" : order.state === "REJECTED" ? "never" : "done", halfway, "");
	step(3, order.final ? "done" : "later", result, order.finalAt ? time(order.finalAt) : "");
	byId("step-3").querySelector("use").setAttribute("href", `#i-${order.final ? seal(TONES[view.key]) : "done"}`);
}

function step(number, is, name, note) {
	const item = byId(`step-${number}`);
	item.dataset.is = is;
	if (is === "now") {
		item.setAttribute("aria-current", "step");
	}
	else {
		item.removeAttribute("aria-current");
	}
	write(item.querySelector(".name"), name);
	write(item.querySelector(".unseen"), words[language].is[is]);
	write(item.querySelector(".note"), note);
}

function renderDetails(say) {
	byId("details").hidden = !order;
	if (!order) {
		return;
	}
	const amount = order.value ? say.dinars(new Intl.NumberFormat(say.locale).format(order.value)) : undefined;
	const rows = [[say.dtProduct, order.product, true], [say.dtNumber, order.number, true], [say.dtValue, amount],
		[say.dtQuantity, order.quantity], [say.dtRef, order.ref, true], [say.dtAt, day(order.acceptedAt)]];
	byId("details").querySelector("dl").replaceChildren(...rows.filter(([, value]) => value !== undefined)
		.flatMap(([term, value, foreign]) => [element("dt", term), foreign ? element("dd", element("bdi", value)) : element("dd", value)]));
}

function element(name, content) {
	const made = document.createElement(name);
	made.append(content);
	return made;
}

/** Only what changes is written, so that nothing is read out twice. */
function write(target, text) {
	if (target.textContent !== String(text)) {
		target.textContent = text;
	}
}

// The card

function renderCard(say) {
	const shown = Boolean(order?.card);
	byId("card").hidden = !shown;
	if (!shown) {
		codes = undefined;
		byId("codes").replaceChildren();
		return;
	}
	write(byId("reveal").querySelector("span"), codes ? say.hide : say.reveal);
	byId("reveal").setAttribute("aria-expanded", String(Boolean(codes)));
	const copies = [...document.querySelectorAll(".copy")];
	copies.forEach((copy, i) => {
		write(copy, say.copy);
		if (copies.length > 1) {
			copy.setAttribute("aria-label", say.copyOne(i + 1, copies.length));
		}
	});
	for (const serial of document.querySelectorAll(".serial-word")) {
		write(serial, say.serial);
	}
}

async function reveal() {
	const button = byId("reveal");
	if (button.getAttribute("aria-disabled") === "true") {
		return;
	}
	if (codes) {
		codes = undefined;
		byId("codes").replaceChildren();
		renderCard(words[language]);
		return said("hidden");
	}
	button.setAttribute("aria-disabled", "true");
	try {
		const answer = await ask(`${base}/card`);
		if (answer.status === 401) {
			return end("ENDED");
		}
		if (answer.status !== 200) {
			return said("cardFailed");
		}
		const { data } = await answer.json();
		codes = data.cards ? data.cards.map((card) => [card.value, card.serial]) : [[data.card_code, undefined]];
		byId("codes").replaceChildren(...codes.map(([code, serial]) => row(code, serial)));
		renderCard(words[language]);
		said("revealed");
	}
	catch {
		said("cardFailed");
	}
	finally {
		button.removeAttribute("aria-disabled");
	}
}

function row(code, serial) {
	const made = element("div", "");
	made.className = "code-row";
	const shown = element("bdi", code);
	shown.className = "code";
	shown.dir = "ltr";
	shown.tabIndex = -1;
	const copy = element("button", "");
	copy.type = "button";
	copy.className = "copy";
	copy.addEventListener("click", () => copied(code, shown));
	made.append(shown, copy);
	if (serial) {
		const word = element("span", "");
		word.className = "serial-word";
		const line = element("p", word);
		line.className = "serial";
		line.append(" ", element("bdi", serial));
		made.append(line);
	}
	return made;
}

async function copied(code, shown) {
	try {
		await navigator.clipboard.writeText(code);
		said("copied");
	}
	catch {
		getSelection().selectAllChildren(shown);
		said("copyByHand");
	}
}

function said(key) {
	const place = byId("card-said");
	place.textContent = "";
	setTimeout(() => write(place, words[language][key]), 50);
}

// Time

function tick() {
	const say = words[language];
	const line = byId("elapsed");
	line.hidden = !order;
	if (!order) {
		return;
	}
	const end = order.final && order.finalAt ? Date.parse(order.finalAt) : Date.now() + skew;
	write(byId("elapsed-word"), order.final ? say.took : say.since);
	write(byId("elapsed-time"), duration(Math.max(order.final ? 1000 : 0, end - Date.parse(order.acceptedAt)) / 1000, say.locale));
	write(byId("usual"), !order.final && TONES[view.key] === "busy" ? say.usual : "");
}

function duration(seconds, locale) {
	const unit = (value, name) => new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "long" }).format(Math.floor(value));
	const parts = [];
	if (seconds >= 86_400) {
		parts.push(unit(seconds / 86_400, "day"), unit(seconds % 86_400 / 3600, "hour"));
	}
	else if (seconds >= 3600) {
		parts.push(unit(seconds / 3600, "hour"), unit(seconds % 3600 / 60, "minute"));
	}
	else if (seconds >= 60) {
		parts.push(unit(seconds / 60, "minute"), unit(seconds % 60, "second"));
	}
	else {
		parts.push(unit(seconds, "second"));
	}
	return new Intl.ListFormat(locale, { type: "unit", style: "narrow" }).format(parts);
}

function time(at) {
	return new Intl.DateTimeFormat(words[language].locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(new Date(at));
}

function day(at) {
	return new Intl.DateTimeFormat(words[language].locale, { dateStyle: "long", timeStyle: "short", hour12: false }).format(new Date(at));
}

// Language

function stored() {
	try {
		return localStorage.getItem("language");
	}
	catch {
		return null;
	}
}

function speak(chosen) {
	language = chosen;
	try {
		localStorage.setItem("language", chosen);
	}
	catch {
		// The choice then lasts as long as the page.
	}
	write(byId("card-said"), "");
	render();
}

for (const button of document.querySelectorAll("[data-language]")) {
	button.addEventListener("click", () => speak(button.dataset.language));
}
byId("reveal").addEventListener("click", reveal);
document.addEventListener("visibilitychange", resumed);
addEventListener("online", online);
addEventListener("pageshow", (event) => event.persisted && resumed());
setInterval(tick, 1000);
setInterval(listen, 5000);
render();
if (/^[0-9a-f]{24}$/.test(id)) {
	load();
}
else {
	end("MISSING");
}
