// The table of orders, its filters, and the history of one.

import { ask } from "./asking.js";
import { $, english, fill, h, ltr, write } from "./dom.js";
import { mark, now } from "./gauges.js";
import { moment, money, number, onLanguage, span, t } from "./i18n.js";

const STATES = ["ACCEPTED", "SENDING", "SEND_UNKNOWN", "PENDING", "HANDLING", "QUEUED", "UNKNOWN_ERROR", "FULFILLED",
	"PARTIALLY_FILLED", "REFUNDED", "REJECTED"];

const KINDS = {
	FULFILLED: "good", PARTIALLY_FILLED: "good", REFUNDED: "back", REJECTED: "back",
	SEND_UNKNOWN: "doubt", QUEUED: "wait", UNKNOWN_ERROR: "doubt",
};

const PAGE = 50;

// What is shown at most: the older ones are a search away.
const MOST = 500;

// New orders are read together, not one by one: a session may ask 600 times a minute.
const GATHER_MILLIS = 500;

// What an event tells of an order; everything else of it never changes.
const CHANGING = ["status", "state", "final", "reason", "cost"];

const ENGLISH = new Set(["status", "code", "reason", "attention"]);

const orders = new Map();
const products = new Set(["ADSL", "4G"]);

// After a refusal that tells no time.
const RETRY_MILLIS = 5000;

let session = null;
let gathering = 0;
let older = null;
// What is to be read; `replace` when what is listed may no longer be so.
const wanted = { newest: false, replace: false, older: false };
let reading = false;
let retry = 0;
// Counts filters and sessions: an answer to an earlier one is dropped.
let turn = 0;
let historyTurn = 0;
let shown = null;
let actions = () => [];

onLanguage(() => {
	choices();
	draw();
	if (shown) {
		drawHistory();
	}
});

/** Begins to show what a session may see. */
export function showOrders(signedIn) {
	forgetOrders();
	session = signedIn;
	choices();
	draw();
	again();
}

/** Forgets all, at the sign-out. */
export function forgetOrders() {
	session = null;
	turn++;
	clearTimeout(gathering);
	gathering = 0;
	orders.clear();
	older = null;
	write($("orders-note"), "");
	$("history").close();
	draw();
}

/** Adds to the history of an order what may be done with it. */
export function offer(buttons) {
	actions = buttons;
}

/** An event of /orders/events, of what callers see or of the state alone. */
export function changed(event) {
	const order = orders.get(event.orderId);
	if (order && Date.parse(event.at) < Date.parse(lastOf(order))) {
		return;
	}
	if (order) {
		order.at = event.at;
		CHANGING.forEach((field) => {
			order[field] = event[field];
		});
		order.changedAt = performance.now();
		order.finalAt = event.final ? event.at : null;
		if (!fits(order)) {
			orders.delete(event.orderId);
		}
		draw(event.orderId);
	} else if (fits(event)) {
		// It has neither number nor id to search by, so whether it is found is for the gateway to say.
		gather();
	}
	if (shown?.orderId === event.orderId) {
		readHistory(event.orderId);
	}
}

/** Reads all anew: changes may have been missed. */
export function refresh() {
	wanted.replace = true;
	gather();
	if (shown) {
		readHistory(shown.orderId);
	}
}

/** Reads the newest, for one that is not listed. */
function gather() {
	gathering ||= setTimeout(() => {
		gathering = 0;
		wanted.newest = true;
		read();
	}, GATHER_MILLIS);
}

/** When an order last changed, as far as is known. */
function lastOf(order) {
	return order.at ?? order.finalAt ?? order.acceptedAt;
}

function filters() {
	const state = $("filter-state").value;
	return {
		search: $("filter-search").value.trim(),
		product: $("filter-product").value,
		state: STATES.includes(state) ? state : "",
		final: state === "open" ? "false" : state === "final" ? "true" : "",
	};
}

/** Whether an order that was found still is what is asked for. */
function fits(order) {
	const { product, state, final } = filters();
	return (!product || order.product === product) && (!state || order.state === state) && (!final || String(order.final) === final);
}

/** One question at a time; what is wanted meanwhile is asked after it. */
async function read() {
	if (reading || retry) {
		return;
	}
	reading = true;
	try {
		while (session && !retry && (wanted.newest || wanted.older)) {
			await (wanted.newest ? readNewest() : readOlder());
		}
	} finally {
		reading = false;
	}
}

async function readNewest() {
	const { replace } = wanted;
	Object.assign(wanted, { newest: false, replace: false });
	await page(null, ({ items, nextCursor = null }, begun) => {
		// A whole page of strangers may have others behind it that are not listed either.
		const whole = replace || !nextCursor || !items.some((item) => orders.has(item.orderId));
		const known = new Map(orders);
		if (whole) {
			orders.clear();
			older = nextCursor;
		}
		items.forEach((item) => take(item, known.get(item.orderId), begun));
	}, { newest: true, replace });
}

async function readOlder() {
	wanted.older = false;
	if (older) {
		await page(older, ({ items, nextCursor = null }, begun) => {
			items.forEach((item) => take(item, orders.get(item.orderId), begun));
			older = nextCursor;
		}, { older: true });
	}
}

/** Asks for one page; what was wanted is wanted again if it was refused for now. */
async function page(cursor, taken, missed) {
	const asked = turn;
	const begun = performance.now();
	const query = new URLSearchParams({ limit: PAGE });
	Object.entries(filters()).filter(([, value]) => value).forEach(([name, value]) => query.set(name, value));
	if (session.operator) {
		query.set("caller", "*");
	}
	if (cursor) {
		query.set("cursor", cursor);
	}
	try {
		const answer = await ask(`/orders?${query}`);
		if (asked === turn) {
			taken(answer, begun);
			write($("orders-note"), "");
			draw();
		}
	} catch (refusal) {
		if (!("status" in refusal)) {
			throw refusal;
		}
		if (asked === turn) {
			missing(refusal, missed);
		}
	}
}

function missing(refusal, missed) {
	// A lost connection is told beside the name, and so is the end of the session.
	if (refusal.status >= 400 && refusal.status !== 401) {
		write($("orders-note"), t("refused", { message: refusal.message }));
	}
	if (refusal.status === 0 || refusal.status === 429 || refusal.status >= 500) {
		Object.entries(missed).filter(([, value]) => value).forEach(([name]) => {
			wanted[name] = true;
		});
		retry = setTimeout(() => {
			retry = 0;
			read();
		}, refusal.retryAfter * 1000 || RETRY_MILLIS);
	}
}

/** What an event told after the question was asked is newer than the answer. */
function take(item, known, begun) {
	if (known?.changedAt > begun) {
		[...CHANGING, "finalAt"].forEach((field) => {
			item[field] = known[field];
		});
		item.changedAt = known.changedAt;
	}
	item.at = known?.at;
	if (fits(item)) {
		orders.set(item.orderId, item);
	} else {
		orders.delete(item.orderId);
	}
	if (!products.has(item.product)) {
		products.add(item.product);
		choices();
	}
}

/** Asks for something else than what is listed. */
function again() {
	turn++;
	clearTimeout(retry);
	retry = 0;
	Object.assign(wanted, { newest: true, replace: true, older: false });
	read();
}

function choices() {
	select($("filter-product"), [["", t("anyProduct")], ...[...products].map((product) => [product, product])]);
	select($("filter-state"), [["", t("anyState")], ["open", t("openOnes")], ["final", t("finalOnes")],
		...STATES.map((state) => [state, t(`state.${state}`)])]);
}

function select(element, options) {
	const value = element.value;
	element.replaceChildren(...options.map(([key, text]) => h("option", { value: key }, text)));
	element.value = value;
}

function columns() {
	return ["accepted", "state", "product", "value", "number", "ref", ...(session?.operator ? ["caller"] : []), "took", "cost"];
}

function draw(changedId) {
	fill($("orders-head"), columns(), () => h("tr", {}, columns().map((column) => h("th", { scope: "col", class: column }, t(column)))));
	const rows = [...orders.values()].sort((one, other) => (one.acceptedAt < other.acceptedAt ? 1 : -1));
	rows.splice(MOST).forEach((order) => orders.delete(order.orderId));
	place(rows, changedId);
	const filtered = Object.values(filters()).some(Boolean);
	$("orders-empty").hidden = rows.length > 0;
	write($("orders-empty"), t(filtered ? "noneFound" : "none"));
	$("orders-more").hidden = !older || rows.length >= MOST;
}

/** Touches only what changed: whoever has a row under his finger or his focus keeps it. */
function place(rows, changedId) {
	const body = $("orders-rows");
	const drawn = new Map([...body.children].map((tr) => [tr.dataset.order, tr]));
	// First what is gone: a row that is moved loses its focus.
	const kept = new Set(rows.map((order) => order.orderId));
	drawn.forEach((tr, orderId) => kept.has(orderId) || tr.remove());
	rows.forEach((order, i) => {
		const looks = `${document.documentElement.lang} ${columns()} ${JSON.stringify({ ...order, at: null, changedAt: null })}`;
		let tr = drawn.get(order.orderId);
		if (tr?.looks !== looks) {
			const focused = tr?.contains(document.activeElement);
			const fresh = row(order, order.orderId === changedId);
			fresh.looks = looks;
			tr?.replaceWith(fresh);
			tr = fresh;
			if (focused) {
				tr.querySelector("button").focus();
			}
		}
		if (body.children[i] !== tr) {
			body.insertBefore(tr, body.children[i] ?? null);
		}
	});
}

function row(order, isNews) {
	const cells = {
		accepted: h("button", { type: "button", class: "link", "aria-label": `${moment(order.acceptedAt)}, ${t("showHistory", { ref: order.ref })}` }, ltr(moment(order.acceptedAt))),
		state: mark(kind(order), t(`state.${order.state}`)),
		product: ltr(order.product),
		value: order.value === undefined ? "" : money(order.value),
		number: ltr(order.number ?? (order.quantity ? `× ${arrived(order) ?? order.quantity}` : "")),
		ref: ltr(order.ref),
		caller: order.caller,
		took: took(order),
		cost: money(order.cost),
	};
	return h("tr", { "data-order": order.orderId, class: isNews ? "news" : null },
		columns().map((column) => h("td", { class: column }, cells[column],
			column === "state" && order.attention ? h("span", { class: "attention", title: order.attention, lang: "en" }, h("span", { lang: document.documentElement.lang }, t("attention"))) : null)));
}

/** How many of how many, if not all. */
function arrived(order) {
	return order.state === "PARTIALLY_FILLED" && order.fulfilled !== undefined ? `${order.fulfilled}/${order.quantity}` : null;
}

function kind(order) {
	return KINDS[order.state] ?? "busy";
}

function took(order) {
	return order.finalAt ? span(Date.parse(order.finalAt) - Date.parse(order.acceptedAt))
		: h("span", { "data-since": order.acceptedAt }, span(now() - Date.parse(order.acceptedAt)));
}

async function open(orderId) {
	shown = { orderId };
	fill($("history-title"), null, () => []);
	fill($("history-body"), null, () => []);
	$("history").showModal();
	$("history-title").focus();
	await readHistory(orderId);
}

async function readHistory(orderId) {
	const asked = ++historyTurn;
	try {
		const order = await ask(`/orders/${encodeURIComponent(orderId)}`);
		if (asked === historyTurn && shown?.orderId === orderId) {
			shown = order;
			drawHistory();
		}
	} catch (refusal) {
		// What is drawn already is better than a word of what failed.
		if (asked === historyTurn && shown?.orderId === orderId && !shown.state) {
			const why = refusal.status === 404 ? t("notFound") : refusal.status === 0 ? t("unreachable") : t("refused", { message: refusal.message });
			fill($("history-body"), why, () => h("p", { class: "problem" }, why));
		}
	}
}

function drawHistory() {
	const order = shown;
	if (!order.state) {
		return;
	}
	fill($("history-title"), order.ref, () => sentence("history", order.ref));
	const facts = [
		["orderId", order.orderId], ["upstreamId", order.upstreamId], ["product", [order.product, order.type].filter(Boolean).join(" ")],
		["number", order.number], ["value", money(order.value)], ["cost", money(order.cost)], ["status", order.status],
		["sends", number(order.sends)], ["accepted", moment(order.acceptedAt)], ["deadline", moment(order.sendDeadline)],
		["delivered", arrived(order)], ["caller", order.caller], ["code", order.code], ["reason", order.reason], ["attention", order.attention],
	];
	const body = $("history-body");
	const focused = [...body.querySelectorAll("button")].indexOf(document.activeElement);
	fill(body, order, () => [
		h("p", { role: "status" }, mark(kind(order), t(`state.${order.state}`))),
		h("dl", {}, facts.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, t(name)), h("dd", {}, ENGLISH.has(name) ? english(value) : ltr(value))))),
		h("h3", {}, t("events")),
		h("ol", { class: "events" }, order.events.map((event, i) => h("li", {},
			h("time", { datetime: event.at, dir: "ltr" }, moment(event.at)),
			h("span", { class: "gap", dir: "ltr" }, i > 0 ? `+${span(Date.parse(event.at) - Date.parse(order.events[i - 1].at))}` : ""),
			mark(kind(event), t(`state.${event.state}`)),
			h("span", { class: "note" }, english(event.state), event.correction ? ` (${t("correction")})` : "", event.reason ? [" ", english(event.reason)] : [])))),
		h("p", { class: "actions" }, actions(order)),
	]);
	if (focused >= 0 && !body.contains(document.activeElement)) {
		(body.querySelectorAll("button")[focused] ?? $("history-close")).focus();
	}
}

/** A sentence with something in it that reads from left to right. */
function sentence(word, ref) {
	const [before, after] = t(word, { ref: "\u0000" }).split("\u2068\u0000\u2069");
	return [before, ltr(ref), after];
}

document.addEventListener("click", (event) => {
	const order = event.target.closest("[data-order]");
	if (order && (event.target.closest("button") || !String(getSelection()))) {
		open(order.dataset.order);
	}
});

$("history").addEventListener("close", () => {
	const orderId = shown?.orderId;
	shown = null;
	// The browser gives the focus back to the button that opened it, but the row may have been drawn anew.
	if (orderId && (document.activeElement === document.body || $("history").contains(document.activeElement))) {
		document.querySelector(`tr[data-order="${orderId}"] button, button[data-order="${orderId}"]`)?.focus();
	}
});
$("history-close").addEventListener("click", () => $("history").close());
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("filter-product").addEventListener("change", again);
$("filter-state").addEventListener("change", again);
$("orders-more").addEventListener("click", () => {
	wanted.older = true;
	read();
});

let typing = 0;
$("filter-search").addEventListener("input", () => {
	clearTimeout(typing);
	typing = setTimeout(again, GATHER_MILLIS);
});
