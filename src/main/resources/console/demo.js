// Only where the gateway runs before its simulator: a key to sign in with and a form to order by.

import { ask } from "./asking.js";
import { $, h } from "./dom.js";
import { onLanguage, t } from "./i18n.js";
import { offer } from "./orders.js";

// A gateway in earnest is not asked: it would answer 404, and the browser would call that an error.
const LOCAL = ["localhost", "127.0.0.1", "[::1]"];

let demo = null;

onLanguage(said);

let word = "";

function said(name = word) {
	word = name;
	$("demo-said").textContent = word && t(word);
}

/** What the demo offers; null where there is none. */
export async function findDemo() {
	if (LOCAL.includes(location.hostname) || new URLSearchParams(location.search).has("demo")) {
		demo = await ask("/console/demo").catch(() => null);
	}
	$("demo-door").hidden = !demo;
	return demo;
}

/** Shows the form to who is signed in. */
export function showDemo(shown) {
	$("demo").hidden = !(demo && shown);
	if (!demo || !shown) {
		return;
	}
	$("demo-product").replaceChildren(...demo.products.map((product, i) => h("option", { value: i }, product.name)));
	$("demo-outcome").replaceChildren(...demo.suffixes.map((suffix) => h("option", { value: suffix.digits, lang: "en" },
		`…${suffix.digits}: ${suffix.meaning}`)));
	choose();
	offer((order) => [h("button", { type: "button", click: () => customerPage(order.orderId) }, t("customerPage"))]);
}

function product() {
	return demo.products[$("demo-product").value];
}

function choose() {
	$("demo-amount").replaceChildren(...product().amounts.map((amount) => h("option", {}, String(amount))));
	line();
}

function line() {
	$("demo-number").value = product().prefix + $("demo-outcome").value.slice(0, 2);
}

/** As any caller would, over the same path. */
async function place() {
	const { path, body, number, amount } = product();
	try {
		await ask(path, {
			method: "POST",
			key: demo.key,
			headers: { Prefer: "respond-async" },
			body: { ...body, [number]: $("demo-number").value.trim(), [amount]: Number($("demo-amount").value) },
		});
		said("placed");
	} catch (refusal) {
		said(refusal.status === 0 ? "unreachable" : "");
		if (refusal.status > 0) {
			$("demo-said").textContent = t("refused", { message: refusal.message });
		}
	}
}

/** What the customer sees: by a ticket of this one order, as the caller would give it to him. */
async function customerPage(orderId) {
	const tab = window.open("", "_blank");
	try {
		const { page } = await ask(`/orders/${orderId}/tickets`, { method: "POST", key: demo.key, body: { card: true } });
		tab.opener = null;
		tab.location = page;
	} catch (refusal) {
		tab.close();
		said("");
		$("demo-said").textContent = t("refused", { message: refusal.message });
	}
}

$("demo-product").addEventListener("change", choose);
$("demo-outcome").addEventListener("change", line);
$("demo-form").addEventListener("submit", (event) => {
	event.preventDefault();
	place();
});
