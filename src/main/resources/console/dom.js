// Elements are made, never written as text, so nothing that a caller sent becomes markup.

export const $ = (id) => document.getElementById(id);

/** Makes an element: attributes, handlers as functions, children as elements or text. */
export function h(name, attributes = {}, ...children) {
	const element = name === "svg" || name === "rect" || name === "title" && attributes.svg
		? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (value === null || value === undefined || value === false || key === "svg") {
			continue;
		}
		if (typeof value === "function") {
			element.addEventListener(key, value);
		} else {
			element.setAttribute(key, value === true ? "" : value);
		}
	}
	element.append(...shown(children));
	return element;
}

function shown(children) {
	return children.flat(2).filter((child) => child !== null && child !== undefined && child !== "");
}

/** Only what changes is written, so that nothing is read out twice and a selection stays. */
export function write(element, text) {
	if (element.textContent !== String(text)) {
		element.textContent = text;
	}
}

/** Fills an element anew if what it shows, or the language, has changed. */
export function fill(place, shows, make) {
	const looks = `${document.documentElement.lang} ${JSON.stringify(shows)}`;
	if (place.looks !== looks) {
		place.looks = looks;
		place.replaceChildren(...shown([make()]));
	}
}

/** What reads from left to right in any language: ids, references, numbers of lines. */
export function ltr(text, attributes = {}) {
	return h("bdi", { dir: "ltr", ...attributes }, String(text));
}

/** What the gateway says in English whatever the page's language: reasons, flags. */
export function english(text) {
	return ltr(text, { lang: "en" });
}
