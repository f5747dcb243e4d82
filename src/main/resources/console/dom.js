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
	element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
	return element;
}

/** What reads from left to right in any language: ids, references, numbers of lines. */
export function ltr(text, attributes = {}) {
	return h("bdi", { dir: "ltr", ...attributes }, String(text));
}
