// Which language a page is shown in, and its words, numbers and times.

const LANGUAGES = {
	ar: { name: "العربية", locale: "ar-DZ", dir: "rtl" },
	fr: { name: "Français", locale: "fr-DZ", dir: "ltr" },
	en: { name: "English", locale: "en-GB", dir: "ltr" },
};

const KEPT = "language";

let language = chosen();
let words = {};
const listeners = [];

function chosen() {
	const kept = remembered(KEPT);
	if (kept in LANGUAGES) {
		return kept;
	}
	const wanted = (navigator.languages ?? []).map((tag) => tag.slice(0, 2).toLowerCase());
	return wanted.find((tag) => tag in LANGUAGES) ?? "en";
}

// A browser may refuse to keep anything; then nothing is kept.
export function remembered(name) {
	try {
		return localStorage.getItem(name);
	} catch {
		return null;
	}
}

export function remember(name, value) {
	try {
		if (value === null) {
			localStorage.removeItem(name);
		} else {
			localStorage.setItem(name, value);
		}
	} catch {
		// told to the user by nothing: it only saves him a click
	}
}

/** Takes a table of words by language and draws the switch into an element. */
export function speak(table, place) {
	words = table;
	for (const [tag, { name }] of Object.entries(LANGUAGES)) {
		const button = document.createElement("button");
		button.type = "button";
		button.textContent = name;
		button.lang = tag;
		button.dataset.language = tag;
		button.addEventListener("click", () => {
			remember(KEPT, tag);
			apply(tag);
		});
		place.append(button);
	}
	apply(language);
}

/** Calls back after each change of the language. */
export function onLanguage(listener) {
	listeners.push(listener);
}

function apply(tag) {
	language = tag;
	document.documentElement.lang = tag;
	document.documentElement.dir = LANGUAGES[tag].dir;
	document.querySelectorAll("[data-word]").forEach((element) => {
		element.textContent = t(element.dataset.word);
	});
	document.querySelectorAll("[data-language]").forEach((button) => {
		button.setAttribute("aria-pressed", String(button.dataset.language === tag));
	});
	document.querySelectorAll(".languages").forEach((group) => group.setAttribute("aria-label", t("language")));
	listeners.forEach((listener) => listener());
}

/** The word of a name; {things} in it are replaced. A name without a word stands for itself. */
export function t(name, things = {}) {
	const word = words[language]?.[name] ?? words.en?.[name] ?? name;
	// What is put in keeps its own direction and leaves that of the sentence alone.
	return word.replace(/\{(\w+)\}/g, (whole, thing) => thing in things ? `\u2068${things[thing]}\u2069` : whole);
}

export function number(value, options) {
	return new Intl.NumberFormat(LANGUAGES[language].locale, options).format(value);
}

export function money(value) {
	return (value === null || value === undefined) ? "" : number(value, { maximumFractionDigits: 2 });
}

export function clock(value) {
	return new Intl.DateTimeFormat(LANGUAGES[language].locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" })
		.format(new Date(value));
}

/** The time of today, the date before it for other days. */
export function moment(value) {
	const date = new Date(value);
	const today = date.toDateString() === new Date().toDateString();
	return today ? clock(value)
		: `${new Intl.DateTimeFormat(LANGUAGES[language].locale, { day: "2-digit", month: "2-digit" }).format(date)} ${clock(value)}`;
}

/** A length of time in the unit that suits it. */
export function span(millis) {
	const seconds = Math.max(0, millis) / 1000;
	const [value, unit] = seconds < 120 ? [seconds, "second"]
		: seconds < 7200 ? [seconds / 60, "minute"]
			: seconds < 172800 ? [seconds / 3600, "hour"] : [seconds / 86400, "day"];
	const digits = unit === "second" && seconds < 10 ? 1 : 0;
	return number(value, { style: "unit", unit, unitDisplay: "narrow", minimumFractionDigits: 0, maximumFractionDigits: digits });
}
