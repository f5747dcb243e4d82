// The table of orders, its filters, and the history of one.

import { ask } from "./asking.js";
import { $, h, ltr } from "./dom.js";
import { mark, now } from "./gauges.js";
import { clock, moment, money, number, onLanguage, span, t } from "./i18n.js";

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

const orders = new Map();
const products = new Set(["ADSL", "4G"]);

let session = null;
let reading = 0;
let gathering = 0;
let older = null;
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
	session = signedIn;
	choices();
	return read();
}

/** Forgets all, at the sign-out. */
export function forgetOrders() {
	session = null;
	orders.clear();
	$("history").close();
	draw();
}

/** Adds to the history of an order what may be done with it. */
export function offer(buttons) {
	actions = buttons;
}

/** An event of /orders/events. */
export function changed(event) {
	const order = orders.get(event.orderId);
	if (order) {
		CHANGING.forEach((field) => {
			order[field] = event[field];
		});
		order.changedAt = performance.now();
		order.finalAt = event.final ? event.at : null;
		if (!fits(order)) {
			orders.delete(event.orderId);
		}
		draw(event.orderId);
	} else if (mayFit(event)) {
		gather();
	}
	if (shown?.orderId === event.orderId) {
		readHistory(event.orderId);
	}
}

/** Reads the newest again: some may have been missed. */
export function gather() {
	gathering ||= setTimeout(() => {
		gathering = 0;
		read();
	}, GATHER_MILLIS);
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

/** An event has neither number nor id to search by, so whether it fits is for the gateway to say. */
function mayFit(event) {
	return fits(event);
}

async function read(cursor) {
	if (!session) {
		return;
	}
	const turn = ++reading;
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
		const { items, nextCursor = null } = await ask(`/orders?${query}`);
		if (turn !== reading) {
			return;
		}
		const first = orders.size === 0;
		items.forEach((item) => take(item, begun));
		if (cursor || first || items.length < PAGE) {
			older = nextCursor;
		}
		$("orders-note").textContent = "";
		draw();
	} catch (refusal) {
		// A lost connection is told beside the name, and read again when it is back.
		if (turn === reading && refusal.status >= 400 && refusal.status !== 401) {
			$("orders-note").textContent = t("refused", { message: refusal.message });
		}
	}
}

/** What an event told after the question was asked is newer than the answer. */
function take(item, begun) {
	const known = orders.get(item.orderId);
	if (known?.changedAt > begun) {
		[...CHANGING, "finalAt"].forEach((field) => {
			item[field] = known[field];
		});
		item.changedAt = known.changedAt;
	}
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

function again() {
	orders.clear();
	older = null;
	read().then(() => draw());
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
	$("orders-head").replaceChildren(h("tr", {}, columns().map((column) => h("th", { scope: "col", class: column }, t(column)))));
	const rows = [...orders.values()].sort((one, other) => (one.acceptedAt < other.acceptedAt ? 1 : -1));
	rows.splice(MOST).forEach((order) => orders.delete(order.orderId));
	place(rows, changedId);
	const filtered = Object.values(filters()).some(Boolean);
	$("orders-empty").hidden = rows.length > 0;
	$("orders-empty").textContent = t(filtered ? "noneFound" : "none");
	$("orders-more").hidden = !older || rows.length >= MOST;
}

/** Touches only what changed: whoever has a row under his finger or his focus keeps it. */
function place(rows, changedId) {
	const body = $("orders-rows");
	const drawn = new Map([...body.children].map((tr) => [tr.dataset.order, tr]));
	rows.forEach((order, i) => {
		const looks = `${document.documentElement.lang} ${columns()} ${JSON.stringify(order)}`;
		let tr = drawn.get(order.orderId);
		drawn.delete(order.orderId);
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
	drawn.forEach((tr) => tr.remove());
}

function row(order, isNews) {
	const cells = {
		accepted: h("button", { type: "button", class: "link", "aria-label": `${moment(order.acceptedAt)}, ${t("showHistory", { ref: order.ref })}` }, ltr(moment(order.acceptedAt))),
		state: mark(kind(order), t(`state.${order.state}`)),
		product: ltr(order.product),
		value: order.value === undefined ? "" : money(order.value),
		number: ltr(order.number ?? (order.quantity ? `× ${order.quantity}` : "")),
		ref: ltr(order.ref),
		caller: order.caller,
		took: took(order),
		cost: money(order.cost),
	};
	return h("tr", { "data-order": order.orderId, class: isNews ? "news" : null },
		columns().map((column) => h("td", { class: column }, cells[column],
			column === "state" && order.attention ? h("span", { class: "attention", title: order.attention }, t("attention")) : null)));
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
	$("history-title").textContent = "";
	$("history-body").replaceChildren();
	$("history").showModal();
	$("history-title").focus();
	await readHistory(orderId);
}

async function readHistory(orderId) {
	try {
		const order = await ask(`/orders/${encodeURIComponent(orderId)}`);
		if (shown?.orderId === orderId) {
			shown = order;
			drawHistory();
		}
	} catch (refusal) {
		if (shown?.orderId === orderId) {
			$("history-body").replaceChildren(h("p", { class: "problem" },
				refusal.status === 404 ? t("notFound") : refusal.status === 0 ? t("unreachable") : t("refused", { message: refusal.message })));
		}
	}
}

function drawHistory() {
	const order = shown;
	if (!order.state) {
		return;
	}
	$("history-title").replaceChildren(...sentence("history", order.ref));
	const facts = [
		["orderId", order.orderId], ["upstreamId", order.upstreamId], ["product", [order.product, order.type].filter(Boolean).join(" ")],
		["number", order.number], ["value", money(order.value)], ["cost", money(order.cost)], ["status", order.status],
		["sends", number(order.sends)], ["accepted", moment(order.acceptedAt)], ["deadline", moment(order.sendDeadline)],
		["caller", order.caller], ["code", order.code], ["reason", order.reason], ["attention", order.attention],
	];
	$("history-body").replaceChildren(
		h("p", { role: "status" }, mark(kind(order), t(`state.${order.state}`))),
		h("dl", {}, facts.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, t(name)), h("dd", {}, ltr(value))))),
		h("h3", {}, t("events")),
		h("ol", { class: "events" }, order.events.map((event, i) => h("li", {},
			h("time", { datetime: event.at, dir: "ltr" }, clock(event.at)),
			h("span", { class: "gap", dir: "ltr" }, i > 0 ? `+${span(Date.parse(event.at) - Date.parse(order.events[i - 1].at))}` : ""),
			mark(kind(event), t(`state.${event.state}`)),
			h("span", { class: "note" }, ltr(event.state), event.correction ? ` (${t("correction")})` : "", event.reason ? [" ", ltr(event.reason)] : [])))),
		h("p", { class: "actions" }, actions(order)));
}

/** A sentence with something in it that reads from left to right. */
function sentence(word, ref) {
	const [before, after] = t(word, { ref: "\u0000" }).split("\u2068\u0000\u2069");
	return [before, ltr(ref), after];
}

document.addEventListener("click", (event) => {
	const order = event.target.closest("[data-order]");
	if (order && !String(getSelection())) {
		open(order.dataset.order);
	}
});

$("history").addEventListener("close", () => {
	shown = null;
});
$("history-close").addEventListener("click", () => $("history").close());
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("filter-product").addEventListener("change", again);
$("filter-state").addEventListener("change", again);
$("orders-more").addEventListener("click", () => read(older));

let typing = 0;
$("filter-search").addEventListener("input", () => {
	clearTimeout(typing);
	typing = setTimeout(again, GATHER_MILLIS);
});
