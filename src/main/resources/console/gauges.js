// The right-hand column: what comes with each event of /console/events.

import { $, english, fill, h, ltr, write } from "./dom.js";
import { clock, moment, number, onLanguage, span, t } from "./i18n.js";

let latest = null;
// The server's clock less this one's: ages are by the server's.
let skew = 0;

onLanguage(draw);
setInterval(tick, 1000);

export function now() {
	return Date.now() + skew;
}

/** Takes in what the gateway told; what it could not read stays as it was. */
export function gauges(told) {
	skew = Date.parse(told.at) - Date.now();
	$("stale").hidden = !told.unavailable;
	write($("stale"), told.unavailable ? t("stale") : "");
	if (!told.unavailable) {
		latest = told;
		draw();
	}
}

export function forgetGauges() {
	latest = null;
	draw();
}

function draw() {
	if (!latest) {
		["accounts", "unsettled", "rate"].forEach((id) => fill($(id), null, () => []));
		["rate-figure", "streams", "unsettled-count"].forEach((id) => write($(id), ""));
		return;
	}
	fill($("accounts"), latest.accounts.map(({ account }) => account), () => latest.accounts.map(outline));
	latest.accounts.forEach((told, i) => account($("accounts").children[i], told));
	write($("streams"), number(latest.streams));
	unsettled(latest.unsettled);
	rate(latest.perMinute);
}

// Only what counts down; the rest changes with the next event.
function tick() {
	document.querySelectorAll("[data-until]").forEach((element) => {
		write(element, span(Date.parse(element.dataset.until) - now()));
	});
	document.querySelectorAll("[data-since]").forEach((element) => {
		write(element, span(now() - Date.parse(element.dataset.since)));
	});
}

/** A sentence with one thing in it that goes on counting. */
function ticking(word, things, name, instant) {
	const counting = h("span", { [`data-${name}`]: instant });
	counting.textContent = span(Math.abs(Date.parse(instant) - now()));
	const [before, after] = t(word, { ...things, span: "\u0000" }).split("\u2068\u0000\u2069");
	return [before, counting, after];
}

function outline({ account }) {
	const id = `account-${account}`;
	return h("section", { class: "card account", "aria-labelledby": id },
		h("div", { class: "line" }, h("h2", { id }, t("account", { account })), h("div", { class: "part", "data-part": "standing" })),
		["troubles", "budget", "lanes", "breakers", "sweeps"].map((part) => h("div", { class: "part", "data-part": part })),
		h("p", { class: "note here" }, t("here")));
}

/** Each part by itself, so that what stays the same stays selected. */
function account(card, told) {
	const part = (name, shows, make) => fill(card.querySelector(`[data-part=${name}]`), shows, make);
	const { standing, standingReason, standingUntil, sendsStoppedSince, blockedUntil, used, limit, left, endsAt, windowMillis } = told;
	part("standing", [standing, standingReason, standingUntil], () => mark(standing === "ACTIVE" ? "good" : standing === "UNVERIFIED" ? "idle" : "bad",
		standing === "STOPPED" ? t("STOPPED", { reason: standingReason, time: moment(standingUntil) }) : t(standing)));
	part("troubles", [sendsStoppedSince, blockedUntil], () => [
		sendsStoppedSince && h("p", { class: "problem" }, t("sendsStopped", { time: moment(sendsStoppedSince) })),
		blockedUntil && h("p", { class: "problem" }, t("blocked", { time: moment(blockedUntil) }))]);
	const full = used / Math.max(1, limit);
	part("budget", [used, limit, left, endsAt, windowMillis], () => [
		bar(t("budget"), used, limit, full > 0.9 ? "bad" : full > 0.7 ? "doubt" : "good"),
		h("p", { class: "line budget" },
			h("span", {}, t("budgetFigure", { used: number(used), limit: number(limit), left: number(left) })),
			h("span", { class: "note" }, endsAt ? ticking("windowEnds", { time: clock(endsAt) }, "until", endsAt)
				: t("windowIdle", { span: span(windowMillis) })))]);
	part("lanes", [told.lanes, limit], () => lanes(told));
	part("breakers", told.breakers, () => [h("h3", {}, t("breakers")),
		told.breakers.length ? h("ul", { class: "rows" }, told.breakers.map(breaker)) : h("p", { class: "note" }, t("noBreakers"))]);
	part("sweeps", told.sweeps, () => [h("h3", {}, t("sweeps")),
		told.sweeps.length ? h("ul", { class: "rows" }, told.sweeps.map(sweep)) : h("p", { class: "note" }, t("noSweeps"))]);
}

function bar(name, value, most, kind) {
	const fill = h("span", { class: `fill ${kind}` });
	fill.style.inlineSize = `${Math.min(100, 100 * value / Math.max(1, most))}%`;
	return h("div", {
		class: "bar", role: "meter", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": most, "aria-valuenow": Math.min(value, most),
	}, fill);
}

function lanes(told) {
	return h("table", { class: "lanes" },
		h("thead", {}, h("tr", {}, ["lane", "laneShare", "laneTaken", "laneWaiting"].map((word) => h("th", { scope: "col" }, t(word))))),
		h("tbody", {}, told.lanes.map((lane) => h("tr", {},
			h("th", { scope: "row" }, t(lane.lane)),
			h("td", {}, number(lane.share, { style: "percent" })),
			h("td", {}, laneBar(lane, told.limit), number(lane.taken)),
			h("td", { class: lane.waiting > 0 ? "doubt" : "" }, number(lane.waiting))))));
}

function laneBar(lane, limit) {
	const fill = h("span", { class: "fill good" });
	fill.style.inlineSize = `${Math.min(100, 100 * lane.taken / Math.max(1, limit))}%`;
	return h("span", { class: "bar small", "aria-hidden": "true" }, fill);
}

/** A word with a shape before it, so that its colour says nothing alone. */
export function mark(kind, text) {
	return h("span", { class: `mark ${kind}` }, text);
}

function breaker(told) {
	const kind = told.state === "CLOSED" ? "good" : told.state === "OPEN" ? "bad" : "doubt";
	return h("li", {},
		h("span", {}, t(told.side === "send" ? "breakerSend" : "breakerRead", { family: t(told.family) })),
		h("span", { class: "note" }, t("breakerCalls", { failed: number(told.failed), calls: number(told.calls) })),
		mark(kind, t(told.state)));
}

function sweep(told) {
	return h("li", {},
		h("span", {}, t(told.family)),
		h("span", { class: "note" },
			told.failed ? h("span", { class: "bad" }, t("sweepFailed"))
				: t("sweepFound", { due: number(told.due), changed: number(told.changed) }),
			told.dropped > 0 ? ` · ${t("sweepDropped", { count: number(told.dropped) })}` : ""),
		h("span", { class: "age" }, ticking("sweepAgo", {}, "since", told.endedAt)));
}

function unsettled(told) {
	write($("unsettled-count"), number(told.count) + (told.more ? "+" : ""));
	$("unsettled-count").className = `figure ${told.count > 0 ? "bad" : ""}`;
	const focused = $("unsettled").contains(document.activeElement) ? document.activeElement.dataset.order : null;
	fill($("unsettled"), told.orders, () => (told.orders.length ? told.orders.map((order) => h("li", {},
		h("button", { type: "button", class: "link", "data-order": order.orderId, "aria-label": t("showHistory", { ref: order.ref }) }, ltr(order.ref)),
		h("span", { class: "note" }, [order.caller, order.product].filter(Boolean).join(" · ")),
		mark("doubt", order.attention ? english(order.attention) : t(`state.${order.state}`)),
		h("span", { class: "age", "data-since": order.acceptedAt }, span(now() - Date.parse(order.acceptedAt)))))
		: [h("li", { class: "note" }, t("noUnsettled"))]));
	if (focused && !$("unsettled").contains(document.activeElement)) {
		$("unsettled").querySelector(`[data-order="${focused}"]`)?.focus();
	}
}

const WIDTH = 600;
const HEIGHT = 64;

function rate({ from, counts }) {
	const most = Math.max(1, ...counts);
	const wide = WIDTH / counts.length;
	const rtl = document.documentElement.dir === "rtl";
	const figure = t("rateFigure", { now: number(counts.at(-1)), most: number(Math.max(...counts)) });
	write($("rate-figure"), figure);
	fill($("rate"), { from, counts }, () => [h("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": `${t("perMinute")}: ${figure}` },
		counts.map((count, i) => {
			const high = count === 0 ? 1 : Math.max(3, HEIGHT * count / most);
			const place = rtl ? counts.length - 1 - i : i;
			return h("rect", { x: place * wide + 1, y: HEIGHT - high, width: wide - 2, height: high, class: count === 0 ? "none" : i === counts.length - 1 ? "last" : "some" },
				h("title", { svg: true }, t("rateBar", { time: clock(Date.parse(from) + i * 60000), count: number(count) })));
		})), h("p", { class: "line axis" }, h("span", {}, t("hourAgo")), h("span", {}, t("present")))]);
}
